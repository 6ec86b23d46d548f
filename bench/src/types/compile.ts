import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { tsc } from "./scratch.ts";

/** The compiler's own account of a run. */
export interface Cost {
  readonly instantiations: number;
  readonly types: number;
  /** Memory used, in KiB. */
  readonly memory: number;
  /** Seconds spent on checking. */
  readonly checkTime: number;
}

export interface Project {
  readonly compilerOptions?: Readonly<Record<string, unknown>>;
  readonly include: readonly string[];
}

/** The settings of every fixture; `skipLibCheck` because nearly every program has it. */
const settings: Readonly<Record<string, unknown>> = {
  target: "es2023",
  lib: ["es2023", "esnext.disposable"],
  module: "nodenext",
  moduleResolution: "nodenext",
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
};

/** Writes a folder's tsconfig.json. */
export function writeProject(dir: string, { compilerOptions, include }: Project): void {
  writeFileSync(
    join(dir, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { ...settings, ...compilerOptions }, include }, undefined, 2),
  );
}

/** Compiles a folder with one checker: several count what they both need twice. */
export async function compileOrThrow(dir: string, project: Project): Promise<Cost> {
  writeProject(dir, project);
  const args = [tsc, "-p", dir, "--checkers", "1", "--extendedDiagnostics", "--pretty", "false"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 26 }).catch((error: unknown) => {
    const complaints = (error as { readonly stdout?: string }).stdout;
    throw new Error(`The fixture doesn't compile:\n${(complaints ?? String(error)).slice(0, 2000)}`);
  });
  const number = (label: string): number => {
    const found = new RegExp(`^${label}:\\s+([\\d.]+)`, "m").exec(stdout)?.[1];
    if (found === undefined) throw new Error(`tsc --extendedDiagnostics says nothing of "${label}":\n${stdout}`);
    return Number(found);
  };
  return {
    instantiations: number("Instantiations"),
    types: number("Types"),
    memory: number("Memory used"),
    checkTime: number("Check time"),
  };
}
