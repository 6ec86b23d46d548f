import { existsSync, realpathSync } from "node:fs";
import { dirname, join, posix, sep } from "node:path";
import { contractPackageAt, findInstalled, moduleGraph, type ContractPackage } from "../workspace/index.ts";

/** What a contract package is made from, on disk. */
export interface Inputs {
  readonly contract: ContractPackage;
  /** Of everything that its files name as their origin. */
  readonly hash: string;
  /**
   * Of the built contract modules of the contract packages it depends on. They are what its own contract
   * imports, and a compiler may write them after the manifest that goes with them.
   */
  readonly built: string;
  /** Folders to watch without what lies deeper; they exist. */
  readonly folders: readonly string[];
}

export function inputsOf(contract: ContractPackage): Inputs {
  const own = moduleGraph(contract);
  const folders = new Set(own.files.filter((file) => !file.startsWith(contract.dir + sep)).map((file) => dirname(file)));
  const built: string[] = [];
  for (const name of contract.dependencies) {
    const installed = findInstalled(name, contract.dir);
    folders.add(existing(installed ?? join(contract.dir, "node_modules", name)));
    const dependency = installed === undefined ? undefined : contractIn(installed);
    if (dependency === undefined) continue;
    const module = posix.join("generated", dependency.runtime);
    const graph = moduleGraph({ ...dependency, source: module });
    built.push(graph.hash);
    for (const file of [join(dependency.dir, module), ...graph.files]) folders.add(existing(dirname(file)));
  }
  return { contract, hash: own.hash, built: built.join(" "), folders: [...folders] };
}

/** A published contract package may come without the source that its package.json names. */
function contractIn(installed: string): ContractPackage | undefined {
  try {
    return contractPackageAt(installed);
  } catch {
    return undefined;
  }
}

/** The folder itself, or the nearest above it that exists, by its real name: links are not watched through. */
function existing(dir: string): string {
  return existsSync(dir) ? realpathSync(dir) : existing(dirname(dir));
}
