import type { Finding, Manifest, ManifestTask } from "../findings/index.ts";
import { Changes } from "./changes.ts";
import { SchemaFit } from "./schema/index.ts";

/** An older and a newer version of one contract. */
export interface Versions {
  readonly older: Manifest;
  readonly newer: Manifest;
}

/**
 * Links that were possible and no longer are, among all tasks of the given contracts: the result of one fitted the
 * first parameter of another. Only results that are objects count; that a number fits a number means nothing.
 */
export function compareCallbacks(contracts: readonly Versions[]): readonly Finding[] {
  const changes = new Changes();
  for (const parent of contracts) {
    for (const child of contracts) {
      const [older, newer] = [fitOf(parent.older, child.older), fitOf(parent.newer, child.newer)];
      for (const [result, parameter] of pairs(parent, child)) {
        if (!isObjectLike(older, result.older) || isUndemanding(older, parameter.older)) continue;
        if (!fits(older, result.older, parameter.older) || fits(newer, result.newer, parameter.newer)) continue;
        const first = parameter.newer.params[0]?.name ?? "";
        changes.add(
          "callback-misfit",
          { contract: child.newer.contract, task: parameter.newer.key, within: "params", part: first },
          {
            why: `The result of ${parent.newer.contract}.${result.newer.key} fitted it and doesn't any more: links of the two stop compiling, and those that are under way fail with INVALID_ARGUMENTS.`,
          },
        );
      }
    }
  }
  return changes.findings;
}

interface TaskVersions {
  readonly older: ManifestTask;
  readonly newer: ManifestTask;
}

function* pairs(parent: Versions, child: Versions): Generator<readonly [TaskVersions, TaskVersions]> {
  for (const result of tasksOf(parent)) {
    for (const parameter of tasksOf(child)) {
      const isSame = result.newer === parameter.newer;
      if (!isSame && result.older.returns !== null && parameter.older.params.length > 0) yield [result, parameter];
    }
  }
}

function tasksOf({ older, newer }: Versions): readonly TaskVersions[] {
  return Object.entries(older.tasks).flatMap(([name, task]) => {
    const match = newer.tasks[name];
    return match === undefined ? [] : [{ older: task, newer: match }];
  });
}

function fitOf(parent: Manifest, child: Manifest): SchemaFit {
  return new SchemaFit({ from: parent.$defs, to: child.$defs, level: "values", travels: "results" });
}

function fits(fit: SchemaFit, { returns }: ManifestTask, { params }: ManifestTask): boolean {
  const [first] = params;
  return returns !== null && first !== undefined && fit.misfits(returns, first.schema).every(({ kind }) => kind === "dropped");
}

function isObjectLike(fit: SchemaFit, { returns }: ManifestTask): boolean {
  const nodes = returns === null ? undefined : fit.alternatives(returns, "from");
  return nodes !== undefined && nodes.length > 0 && nodes.every((node) => Object.keys(node.properties ?? {}).length > 0);
}

/** A parameter that takes almost anything says nothing about what is linked to it. */
function isUndemanding(fit: SchemaFit, { params }: ManifestTask): boolean {
  const nodes = fit.alternatives(params[0]?.schema ?? {}, "to");
  return nodes === undefined || nodes.every((node) => (node.required ?? []).length === 0);
}
