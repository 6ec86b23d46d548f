import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { ContractPackage } from "../../workspace/index.ts";
import { BaselineProblem, type Baseline } from "./baseline.ts";
import { fileBaseline } from "./files.ts";
import { commitOf, gitBaseline } from "./git.ts";
import { npmBaseline, npmSpec, tarballBaseline } from "./npm.ts";

export interface BaselineOptions {
  readonly cwd: string;
  /** The folder that paths of the workspace's packages are relative to. */
  readonly workspace: string;
  readonly packages: readonly ContractPackage[];
}

/**
 * What `--against` stands for: a commit of git, a file or folder, or a published package, in this order.
 * @throws BaselineProblem when it is none of these, or two
 */
export async function openBaseline(against: string, { cwd, workspace, packages }: BaselineOptions): Promise<Baseline> {
  const path = resolve(cwd, against);
  const isPath = existsSync(path);
  const commit = /^\.{0,2}\//.test(against) ? undefined : await commitOf(against, cwd);
  if (commit !== undefined && isPath) {
    throw new BaselineProblem(`"${against}" is a git ref and a path here; say ./${against}, or refs/heads/${against}.`);
  }
  if (commit !== undefined) return gitBaseline(against, commit, cwd, packages);
  if (isPath) return /\.(tgz|tar\.gz)$/.test(against) ? tarballBaseline(path, against) : fileBaseline(path, against, workspace);
  if (npmSpec.test(against)) return npmBaseline(against, cwd);
  throw new BaselineProblem(
    `"${against}" is no git ref, file or folder here, and no package with a version (name@1.2.3). In CI, a shallow clone may lack the ref: fetch it first.`,
  );
}
