import type { Spot } from "../findings/index.ts";
import type { ManifestTask } from "../manifest/index.ts";
import { canonicalJson } from "../model/json-schema.ts";
import type { Changes } from "./changes.ts";
import type { Values } from "./compare-values.ts";

/** New workers against old callers: results, progress and declared errors. */
export function compareAnswers(task: Spot, older: ManifestTask, newer: ManifestTask, values: Values, changes: Changes): void {
  compareResult(task, older, newer, values, changes);
  compareErrors(task, older, newer, values, changes);
}

function compareResult(task: Spot, older: ManifestTask, newer: ManifestTask, values: Values, changes: Changes): void {
  const returns: Spot = { ...task, within: "returns", part: "returns" };
  const progress: Spot = { ...task, within: "progress", part: "progress" };
  if (older.returns !== null && newer.returns === null) {
    changes.add("result-removed", returns, {
      why: "Older callers wait for a value, and refuse the nothing that they get; callbacks that are bound to it get nothing as their first argument.",
    });
  }
  // Where nothing was promised, callers look at nothing.
  if (older.returns !== null && newer.returns !== null) {
    const note = " Tasks that are linked behind it get it as their first argument, also from signatures that were bound before.";
    values.answer("result-widened", older.returns, newer.returns, returns, note);
  }
  if (older.progress !== null && newer.progress === null) {
    changes.add("progress-removed", progress, { why: "Code that reads the reports stops compiling; running callers see none." });
  }
  if (older.progress !== null && newer.progress !== null) {
    values.answer("progress-widened", older.progress, newer.progress, progress);
  }
}

function compareErrors(task: Spot, older: ManifestTask, newer: ManifestTask, values: Values, changes: Changes): void {
  const at = (name: string): Spot => ({ ...task, within: "errors", part: name });
  const removed = Object.keys(older.errors).filter((name) => !Object.hasOwn(newer.errors, name));
  const added = Object.keys(newer.errors).filter((name) => !Object.hasOwn(older.errors, name));
  const renamed = new Map(
    removed.flatMap((name): readonly (readonly [string, string])[] => {
      const data = canonicalJson(older.errors[name] ?? {});
      const [match, second] = added.filter((each) => canonicalJson(newer.errors[each] ?? {}) === data);
      return match === undefined || second !== undefined || removed.length > 1 ? [] : [[name, match]];
    }),
  );
  for (const [before, after] of renamed) {
    changes.add("error-renamed", at(after), {
      why: `"${before}" became "${after}": older callers get a TaskError of a name that they don't know instead of the class that they catch.`,
    });
  }
  for (const name of removed) {
    if (renamed.has(name)) continue;
    changes.add(
      "error-removed",
      { ...task, part: name },
      { why: "Code that catches it by its class, or reads its data, stops compiling." },
    );
  }
  for (const name of added) {
    if ([...renamed.values()].includes(name)) continue;
    changes.add("error-added", at(name), {
      why: "Code that handles every declared error, with a check that none is left, stops compiling. Running callers get it as a TaskError of that name.",
    });
  }
  for (const [name, schema] of Object.entries(older.errors)) {
    const newSchema = newer.errors[name];
    if (newSchema !== undefined) {
      values.answer("error-widened", schema, newSchema, at(name), " They then get a TaskError instead of the error's class.");
    }
  }
}
