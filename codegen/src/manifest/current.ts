import { join } from "node:path";
import { isMadeFrom } from "../write/index.ts";
import { moduleGraph, readText, type ContractPackage } from "../workspace/index.ts";
import { ManifestProblem, parseManifest, type Manifest } from "./manifest.ts";

/** A contract package and what its manifest says today. */
export interface Current {
  readonly contract: ContractPackage;
  readonly manifest: Manifest;
}

/** A package's committed manifest. @throws ManifestProblem when there is none, or it isn't what its source says */
export function currentOf(contract: ContractPackage, asShown: string): Current {
  const file = join(contract.dir, "contract.json");
  const text = readText(file);
  if (text === undefined) throw new ManifestProblem(`${asShown} has no contract.json yet; run: ligature gen`);
  if (!isMadeFrom(moduleGraph(contract).hash, text)) {
    throw new ManifestProblem(`${asShown}/contract.json isn't what ${contract.source} says; run: ligature gen`);
  }
  return { contract, manifest: parseManifest(text, `${asShown}/contract.json`) };
}
