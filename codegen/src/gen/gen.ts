import { join } from "node:path";
import type { GenResult } from "./gen-result.ts";
import { findContractPackages, moduleGraph, readText, type ContractPackage } from "../workspace/index.ts";
import { generateApart } from "./generate-apart.ts";
import { isMadeFrom, staleFiles } from "../write/index.ts";

export interface GenOptions {
  /** Where to look: the workspace around it is generated. @default process.cwd() */
  readonly cwd?: string;
  /** Only these folders, relative to `cwd`. @default all contract packages of the workspace */
  readonly dirs?: readonly string[];
  /** Write nothing; say what would be written. @default false */
  readonly check?: boolean;
  /** Also generate what seems unchanged. `check` always does. @default false */
  readonly force?: boolean;
  /** How long the modules of a contract may take to load, in milliseconds. @default 60_000 */
  readonly loadTimeout?: number;
}

/**
 * Generates stubs and manifests of contract packages, dependencies first. A package whose inputs are those
 * that its files were made from is left alone without being loaded; the others are read in a process of their own.
 * @throws PackageProblem when a folder, a workspace or a package.json is set up wrongly
 */
export async function gen(options: GenOptions = {}): Promise<readonly GenResult[]> {
  const { cwd = process.cwd(), check = false, force = false, loadTimeout } = options;
  const packages = await findContractPackages(cwd, options.dirs);
  const done = new Map<string, GenResult>();
  if (!check && !force) {
    for (const each of packages) {
      const inputs = moduleGraph(each).hash;
      // Those behind it may build on it: they are judged when it has been written.
      if (!isUpToDate(each, inputs)) break;
      done.set(each.dir, unchanged(each, inputs));
    }
  }
  const dirs = packages.map(({ dir }) => dir).filter((dir) => !done.has(dir));
  if (dirs.length > 0) {
    const answer = await generateApart({ cwd, dirs, check, force, ...(loadTimeout !== undefined && { loadTimeout }) });
    if ("problem" in answer) throw new Error(answer.problem);
    for (const result of answer.results) done.set(result.dir, result);
  }
  return packages.flatMap(({ dir }) => done.get(dir) ?? []);
}

export function unchanged({ name, dir }: ContractPackage, inputs: string): GenResult {
  return { name, dir, inputs, status: "unchanged", files: [] };
}

const outputs = ["generated/index.js", "generated/index.d.ts", "generated/index.d.ts.map", "contract.json"].map((path) => ({
  path,
}));

/** Whether every file of a package is what these inputs made, and no other one is left of older ones. */
export function isUpToDate({ dir }: ContractPackage, inputs: string): boolean {
  const isMade = ({ path }: { readonly path: string }): boolean => isMadeFrom(inputs, readText(join(dir, path)) ?? "");
  return outputs.every(isMade) && staleFiles(dir, outputs).length === 0;
}
