import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { UsageError, type Terminal } from "./terminal.ts";

/**
 * The part of @ligature/codegen that the command uses. Written out here because the runtime doesn't depend on
 * codegen: services in production have no use for a TypeScript parser. A test holds it against the real one.
 */
export interface Codegen {
  gen(options: {
    readonly cwd: string;
    readonly dirs: readonly string[];
    readonly check: boolean;
    readonly force: boolean;
  }): Promise<readonly GenResult[]>;
  watch(options: {
    readonly cwd: string;
    readonly dirs: readonly string[];
    readonly force: boolean;
    readonly signal: AbortSignal;
    onRound(round: WatchRound): void;
    onProblem(message: string): void;
  }): Promise<void>;
  formatDiagnostic(diagnostic: Diagnostic): string;
  /** Its own subcommands, by name. */
  readonly commands: Readonly<
    Record<string, { readonly help: string; run(args: readonly string[], terminal: Terminal): Promise<number> }>
  >;
}

export interface GenResult {
  readonly name: string;
  readonly dir: string;
  readonly status: "unchanged" | "written" | "stale" | "failed";
  readonly files: readonly string[];
  readonly diff?: string;
  readonly diagnostics?: readonly Diagnostic[];
  readonly cause?: unknown;
}

export interface WatchRound {
  readonly results: readonly GenResult[];
  readonly packages: number;
  readonly first: boolean;
  readonly took: number;
}

export interface Diagnostic {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

/** @ligature/codegen as the project in `cwd` has it installed. */
export async function loadCodegen(cwd: string): Promise<Codegen> {
  let entry: string;
  try {
    entry = createRequire(join(cwd, "package.json")).resolve("@ligature/codegen");
  } catch {
    throw new UsageError(
      "this command needs @ligature/codegen, which isn't installed here. Install it: npm i -D @ligature/codegen",
    );
  }
  return (await import(pathToFileURL(entry).href)) as Codegen;
}
