import { alternativesOf, SchemaFit, type Misfit } from "../schema-fit/index.ts";
import type { Manifest, ManifestTask } from "../manifest/index.ts";
import type { JsonSchema } from "../model/json-schema.ts";
import type { Check } from "./lint-findings.ts";

/** How people call tasks that are linked behind others, and what they write about them. */
const callbackName = /^(?:on|after|when)[A-Z]/;
const callbackWords = /\b(?:linked?|callback)\b/i;

/**
 * A task that looks like a callback, by its name or its comment, or because its first parameter is nearly what some
 * task returns; and none of the known tasks returns something that fits.
 */
export const callbacks: Check = (manifest, found, all) => {
  const results = all.flatMap(resultsOf);
  for (const task of Object.values(manifest.tasks)) {
    const [first] = task.params;
    if (first === undefined) continue;
    const others = results.filter((result) => result.task !== task);
    const [near] = nearest(first.schema, manifest, others);
    const isCallback = callbackName.test(task.key) || callbackWords.test(task.description ?? "");
    if (near === undefined && !isCallback) continue;
    if (others.length === 0 || others.some((result) => fits(result, first.schema, manifest))) continue;
    found.add(
      "callback-unfed",
      { contract: manifest.contract, task: task.key, within: "params", part: first.name },
      near === undefined
        ? "It looks like a callback, and no task of the contracts that are known here returns what it takes first: a link would not compile."
        : `It nearly is what ${near.manifest.contract}.${near.task.key} returns, and can't be linked behind it: ${listed(misfits(near, first.schema, manifest))}.`,
    );
  }
};

/** What a task returns. */
interface Result {
  readonly manifest: Manifest;
  readonly task: ManifestTask;
  readonly schema: JsonSchema;
  /** Of an object: its keys. */
  readonly keys: readonly string[];
}

function resultsOf(manifest: Manifest): readonly Result[] {
  return Object.values(manifest.tasks).flatMap((task) => {
    const { returns: schema } = task;
    return schema === null ? [] : [{ manifest, task, schema, keys: keysOf(schema, manifest) }];
  });
}

/** Keys of a schema that is one object. */
function keysOf(schema: JsonSchema, { $defs }: Manifest): readonly string[] {
  const [only, ...others] = alternativesOf(schema, $defs, "values") ?? [];
  return others.length > 0 ? [] : Object.keys(only?.properties ?? {});
}

/** Results that have so many keys in common with a parameter that one must have been meant for the other. */
function nearest(schema: JsonSchema, manifest: Manifest, results: readonly Result[]): readonly Result[] {
  const wanted = new Set(keysOf(schema, manifest));
  if (wanted.size < 2) return [];
  return results
    .map((result) => ({ result, shared: result.keys.filter((name) => wanted.has(name)).length }))
    .filter(({ result, shared }) => shared >= 2 && shared * 3 >= 2 * Math.max(result.keys.length, wanted.size))
    .sort((a, b) => b.shared - a.shared)
    .map(({ result }) => result);
}

function fits(result: Result, parameter: JsonSchema, child: Manifest): boolean {
  // A cheap look first: there are as many pairs as tasks squared.
  const forms = alternativesOf(parameter, child.$defs, "values") ?? [];
  const isPossible = forms.some(
    ({ required = [] }) => result.keys.length === 0 || required.every((name) => result.keys.includes(name)),
  );
  return isPossible && misfits(result, parameter, child).length === 0;
}

function misfits({ manifest, schema }: Result, parameter: JsonSchema, child: Manifest): readonly Misfit[] {
  const fit = new SchemaFit({ from: manifest.$defs, to: child.$defs, level: "values", travels: "results" });
  return fit.misfits(schema, parameter);
}

function listed(found: readonly Misfit[]): string {
  return found.map(({ path, why }) => (path === "" ? why : `${path}: ${why}`)).join("; ");
}
