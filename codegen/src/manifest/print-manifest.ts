import type { ContractModel, TaskModel } from "../model/contract-model.ts";
import { deprecationOf, descriptionOf, paramDescriptionOf } from "../model/doc.ts";
import { sortKeys, type JsonValue } from "../model/json-schema.ts";
import type { Plan } from "../plan/index.ts";

/** Raised when a reader of older manifests would misread a new one. */
const manifestVersion = 2;

/** `contract.json`: the contract for those who can't or won't run it: other languages, `ligature breaking`. */
export function printManifest(plan: Plan, header: string): string {
  const { model } = plan;
  const { contract } = model;
  const description = descriptionOf(contract.doc);
  const tasks = [...model.tasks].sort((a, b) => (a.name < b.name ? -1 : 1));
  const manifest = {
    generated: header,
    manifest: manifestVersion,
    package: model.package,
    contract: contract.name,
    ...(description !== undefined && { description }),
    runtime: contract.runtime,
    queue: contract.queue as unknown as JsonValue,
    ...(Object.keys(contract.allow).length > 0 && { allow: sortKeys(contract.allow) }),
    tasks: Object.fromEntries(tasks.map((task) => [task.name, taskEntry(task, model)])),
    /** Names of the generated types, for packages that build on this one. */
    types: Object.fromEntries(
      model.types
        .filter(({ isDeclared = false }) => !isDeclared)
        .map(
          ({ id, exportName }) => [exportName, { output: plan.nameOf(id, "output"), input: plan.nameOf(id, "input") }] as const,
        )
        // Of two of one name, that of the contract module is meant; it comes first.
        .filter(([name], index, all) => all.findIndex(([other]) => other === name) === index)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    /** For the generator, where other packages use these schemas. */
    ...(model.hidesTypes && { hidesTypes: true }),
    $defs: sortKeys(model.definitions),
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

function taskEntry(task: TaskModel, model: ContractModel): JsonValue {
  const description = descriptionOf(task.doc);
  const deprecated = deprecationOf(task.doc);
  const errors = task.errors.map((name) => [name, model.errors.find((each) => each.name === name)?.json ?? {}] as const);
  return {
    key: task.key,
    ...(description !== undefined && { description }),
    ...(deprecated !== undefined && { deprecated }),
    queue: task.queue.name,
    params: task.params.map(({ name, optional, json }) => {
      const said = paramDescriptionOf(task.doc, name);
      return { name, optional, schema: sortKeys({ ...(said !== undefined && { description: said }), ...json }) };
    }),
    returns: task.returns === undefined ? null : sortKeys(task.returns.json),
    errors: Object.fromEntries(errors.map(([name, json]) => [name, sortKeys(json)])),
    progress: task.progress === undefined ? null : sortKeys(task.progress.json),
    ...(task.delivery as unknown as { readonly [key: string]: JsonValue }),
    ...(Object.keys(task.allow).length > 0 && { allow: sortKeys(task.allow) }),
    fingerprint: task.fingerprint,
  };
}
