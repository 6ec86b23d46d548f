import { join, relative } from "node:path";
import { UsageError, type Terminal } from "ligature/cli";
import { findContractPackages, moduleGraph, readText, type ContractPackage } from "../workspace/index.ts";
import { isMadeFrom } from "../write/index.ts";
import { ManifestProblem, parseManifest, type Manifest } from "./manifest.ts";
import { readableOf, type Readable } from "./readable.ts";

/** A contract package and what its manifest says today. */
export interface Current {
  readonly contract: ContractPackage;
  readonly manifest: Manifest;
}

/**
 * The contract packages in the given folders, or else of the workspace, as far as their manifests are what their sources say.
 * @throws ManifestProblem when that is so for none
 * @throws PackageProblem
 */
export async function currentContracts(terminal: Terminal, folders: readonly string[]): Promise<Readable<Current>> {
  const { cwd } = terminal;
  const packages = await findContractPackages(cwd, folders);
  if (packages.length === 0) {
    throw new UsageError(
      'there is no contract package here. Its package.json needs "ligature": { "contract": "./src/contract.ts" }.',
    );
  }
  return readableOf(packages, (each) => currentOf(each, relative(cwd, each.dir).replaceAll("\\", "/") || "."), terminal);
}

/** The other contracts of the workspaces that some are in, as far as they can be read. */
export async function neighboursOf(current: readonly Current[]): Promise<readonly Current[]> {
  const known = new Set(current.map(({ contract }) => contract.dir));
  const others = new Map<string, Current>();
  for (const { contract } of current) {
    for (const each of await findContractPackages(contract.dir)) {
      if (known.has(each.dir)) continue;
      known.add(each.dir);
      try {
        others.set(each.dir, currentOf(each, each.dir));
      } catch (error) {
        if (!(error instanceof ManifestProblem)) throw error;
      }
    }
  }
  return [...others.values()];
}

/** A package's committed manifest. @throws ManifestProblem when there is none, or it isn't what its source says */
function currentOf(contract: ContractPackage, asShown: string): Current {
  const file = join(contract.dir, "contract.json");
  const text = readText(file);
  if (text === undefined) throw new ManifestProblem(`${asShown} has no contract.json yet; run: ligature gen`);
  if (!isMadeFrom(moduleGraph(contract).hash, text)) {
    throw new ManifestProblem(`${asShown}/contract.json isn't what ${contract.source} says; run: ligature gen`);
  }
  return { contract, manifest: parseManifest(text, `${asShown}/contract.json`) };
}
