import { join, relative } from "node:path";
import type { ContractPackage } from "../workspace/index.ts";
import type { Current } from "../manifest/index.ts";
import type { SourcePlace, Spot } from "./finding.ts";

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

/** Finds out where in a package's source something is written; undefined where the source can't be followed. */
type Locate = (spot: Spot) => SourcePlace | undefined;

/** Parses the contract's source for positions, which its manifest doesn't hold. Loads ts-morph. */
async function locator(contract: ContractPackage, contractName: string, cwd: string): Promise<Locate> {
  const { findSpot } = await import("../read/index.ts");
  const find = findSpot(contract, contractName);
  return ({ task, within, part }) => {
    const origin = find([task, within, within === "params" || within === "errors" ? part : undefined]);
    if (origin === undefined) return undefined;
    const file = relative(cwd, join(contract.dir, origin.file)).replaceAll("\\", "/");
    return { file, line: origin.line + 1, column: origin.column + 1 };
  };
}
