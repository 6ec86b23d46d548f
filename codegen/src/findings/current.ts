import { join } from "node:path";
import { isMadeFrom } from "../print/header.ts";
import { moduleGraph, readText, type ContractPackage } from "../read/index.ts";
import type { SourcePlace, Spot } from "./finding.ts";
import { locator } from "./locate.ts";
import { ManifestProblem, parseManifest, type Manifest } from "./manifest.ts";

/** A contract package and what its manifest says today. */
export interface Current {
  readonly contract: ContractPackage;
  readonly manifest: Manifest;
}

/**
 * Adds positions in the source, and puts things into its order, package by package. The source is parsed only if
 * there is something to say about it.
 */
export async function inSourceOrder<T extends { readonly spot: Spot }>(
  things: readonly T[],
  current: readonly Current[],
  cwd: string,
): Promise<readonly (T & { readonly source?: SourcePlace | undefined })[]> {
  const ordered: (T & { readonly source?: SourcePlace | undefined })[] = [];
  for (const { contract, manifest } of current) {
    const own = things.filter(({ spot }) => spot.contract === manifest.contract);
    if (own.length === 0) continue;
    const locate = await locator(contract, manifest.contract, cwd);
    const located = own.map((thing) => ({ ...thing, source: locate(thing.spot) }));
    ordered.push(...located.sort((a, b) => bySource(a.source, b.source)));
  }
  return [...ordered, ...things.filter(({ spot }) => current.every(({ manifest }) => manifest.contract !== spot.contract))];
}

function bySource(a: SourcePlace | undefined, b: SourcePlace | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
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
