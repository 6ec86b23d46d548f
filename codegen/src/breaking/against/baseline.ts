import { UsageError } from "ligature/cli";
import type { Manifest } from "../../manifest/index.ts";
import type { ContractPackage } from "../../workspace/index.ts";

/** The older side of a comparison. */
export interface Baseline {
  /** For messages: `git main (1a2b3c4)`. */
  readonly name: string;
  /** Whether it is a whole workspace, so that a package which it lacks is new. */
  readonly isWhole: boolean;
  /** What it knows of a package of today; undefined when it has none. */
  manifestOf(contract: ContractPackage, contractName: string): Promise<Manifest | undefined>;
  /** Contracts that it has and today's workspace has no more. */
  others(): Promise<readonly Manifest[]>;
}

/** What `--against` names can't be read. */
export class BaselineProblem extends UsageError {
  override readonly name: string = "BaselineProblem";
}
