import { join } from "node:path";
import { isMadeFrom } from "../print/header.ts";
import { moduleGraph, readText, type ContractPackage } from "../read/index.ts";
import type { Spot } from "./finding.ts";
import { locator } from "./locate.ts";
import { ManifestProblem, parseManifest, type Manifest } from "./manifest.ts";

/** A contract package and what its manifest says today. */
export interface Current {
  readonly contract: ContractPackage;
  readonly manifest: Manifest;
}

/** Adds positions in the source. The source is parsed only if there is something to say about it. */
export function withPlaces(
  current: readonly Current[],
  cwd: string,
): <T extends { readonly spot: Spot }>(thing: T) => Promise<T> {
  const locators = new Map<string, ReturnType<typeof locator>>();
  return async (thing) => {
    const owner = current.find(({ manifest }) => manifest.contract === thing.spot.contract);
    if (owner === undefined) return thing;
    const { contract, manifest } = owner;
    const locate = locators.get(contract.dir) ?? locator(contract, manifest.contract, cwd);
    locators.set(contract.dir, locate);
    const source = (await locate)(thing.spot);
    return source === undefined ? thing : { ...thing, source };
  };
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
