import { join, relative } from "node:path";
import type { ContractPackage } from "../read/index.ts";
import type { SourcePlace, Spot } from "./finding.ts";

/** Finds out where in a package's source something is written; undefined where the source can't be followed. */
export type Locate = (spot: Spot) => SourcePlace | undefined;

/** Parses the contract's source for positions, which its manifest doesn't hold. Loads ts-morph. */
export async function locator(contract: ContractPackage, contractName: string, cwd: string): Promise<Locate> {
  const { findSpot } = await import("../read/find-spot.ts");
  const find = findSpot(contract, contractName);
  return ({ task, within, part }) => {
    const origin = find([task, within, within === "params" || within === "errors" ? part : undefined]);
    if (origin === undefined) return undefined;
    const file = relative(cwd, join(contract.dir, origin.file)).replaceAll("\\", "/");
    return { file, line: origin.line + 1, column: origin.column + 1 };
  };
}
