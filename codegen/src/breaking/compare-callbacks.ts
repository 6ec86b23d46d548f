import type { Finding } from "../findings/index.ts";
import type { Manifest, ManifestParam, ManifestTask } from "../manifest/index.ts";
import type { JsonSchema } from "../model/json-schema.ts";
import { Changes } from "./changes.ts";
import { alternativesOf, SchemaFit } from "../schema-fit/index.ts";

/** An older and a newer version of one contract. */
export interface Versions {
  readonly older: Manifest;
  readonly newer: Manifest;
}

/** A task of both versions. */
interface TaskVersions {
  readonly contract: Versions;
  readonly older: ManifestTask;
  readonly newer: ManifestTask;
  readonly isChanged: boolean;
}

/** A task whose result is an object. */
interface Parent extends TaskVersions {
  readonly result: JsonSchema;
  /** Keys that the older result always has, one list for each form of it. */
  readonly gives: readonly ReadonlySet<string>[];
}

/** A task whose first parameter is an object that must have something. */
interface Child extends TaskVersions {
  readonly first: ManifestParam;
  /** Keys that the older parameter must have, one list for each form of it. */
  readonly wants: readonly ReadonlySet<string>[];
}

/**
 * Links that were possible and no longer are, among all tasks of the given contracts: the result of one fitted the
 * first parameter of another. Only objects count; that a number fits a number means nothing.
 */
export function compareCallbacks(contracts: readonly Versions[]): readonly Finding[] {
  const changes = new Changes();
  const tasks = contracts.flatMap(tasksOf);
  const children = tasks.flatMap(asChild);
  const changed = children.filter(({ isChanged }) => isChanged);
  for (const parent of tasks.flatMap(asParent)) {
    for (const child of parent.isChanged ? children : changed) {
      if (child.newer === parent.newer || !mayFit(parent, child) || !hasCeased(parent, child)) continue;
      const { contract } = child.contract.newer;
      const part = child.newer.params[0]?.name ?? child.first.name;
      changes.add(
        "callback-misfit",
        { contract, task: child.newer.key, within: "params", part },
        {
          why: `The result of ${parent.contract.newer.contract}.${parent.newer.key} fitted it and doesn't any more: links of the two stop compiling, and those that are under way fail with INVALID_ARGUMENTS.`,
        },
      );
    }
  }
  return changes.findings;
}

function tasksOf(contract: Versions): readonly TaskVersions[] {
  return Object.entries(contract.older.tasks).flatMap(([name, older]) => {
    const newer = contract.newer.tasks[name];
    return newer === undefined ? [] : [{ contract, older, newer, isChanged: older.fingerprint !== newer.fingerprint }];
  });
}

function asParent(task: TaskVersions): readonly Parent[] {
  const { returns: result } = task.older;
  const gives = result === null ? [] : requiredKeys(result, task.contract.older);
  return result === null || gives.length === 0 || gives.some(({ size }) => size === 0) ? [] : [{ ...task, result, gives }];
}

function asChild(task: TaskVersions): readonly Child[] {
  const [first] = task.older.params;
  const wants = first === undefined ? [] : requiredKeys(first.schema, task.contract.older).filter(({ size }) => size > 0);
  return first === undefined || wants.length === 0 ? [] : [{ ...task, first, wants }];
}

function requiredKeys(schema: JsonSchema, { $defs }: Manifest): readonly ReadonlySet<string>[] {
  return (alternativesOf(schema, $defs, "values") ?? []).map((node) => new Set(node.required));
}

/** A cheap look before the long one: each form of the result must have all that some form of the parameter wants. */
function mayFit({ gives }: Parent, { wants }: Child): boolean {
  return gives.every((given) => wants.some((wanted) => [...wanted].every((name) => given.has(name))));
}

function hasCeased(parent: Parent, child: Child): boolean {
  const [before, after] = [parent.contract.older, child.contract.older];
  if (!fits(parent.result, before, child.first.schema, after)) return false;
  const [first] = child.newer.params;
  const { returns } = parent.newer;
  return first === undefined || returns === null || !fits(returns, parent.contract.newer, first.schema, child.contract.newer);
}

function fits(result: JsonSchema, parent: Manifest, parameter: JsonSchema, child: Manifest): boolean {
  const fit = new SchemaFit({ from: parent.$defs, to: child.$defs, level: "values", travels: "results" });
  return fit.misfits(result, parameter).length === 0;
}
