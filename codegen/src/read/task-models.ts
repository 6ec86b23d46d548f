import { mayBeMissing, type TaskSpec } from "ligature/contract";
import type { ErrorModel, ParamModel, TaskModel, ValueModel } from "../model/contract-model.ts";
import { descriptionOf, withParams } from "../model/doc.ts";
import type { Fingerprints } from "../model/fingerprint.ts";
import { isPlainArgument, isPlainResult, type Lookup } from "../model/plain.ts";
import { keyword, unionOf, type Side, type TypeNode } from "../model/type-node.ts";
import { deliveryOf, queueOf } from "./delivery-of.ts";
import { describedAs, keepsItsType, type Place, type ZodSchema } from "./schema/index.ts";

/** One task, made of the values that its schemas stand for. */
export function taskModel(
  task: TaskSpec,
  place: Place,
  models: ReadonlyMap<string, ValueModel>,
  fingerprints: Fingerprints,
  lookup: Lookup,
): TaskModel {
  const { key, name } = task;
  const params = task.params.map(({ name: param, optional, schema }): ParamModel => {
    const value = present(models.get(`${key} param ${param}`));
    const received = mayBeMissing(schema, "output") ? unionOf([value.output, keyword("undefined")]) : value.output;
    const doc = place.prop("params").prop(param).doc();
    const description = descriptionOf(doc);
    const json = description === undefined ? value.json : { ...value.json, description };
    return { name: param, optional, received, ...value, json, doc: doc ?? describedAs(schema as unknown as ZodSchema) };
  });
  const returns = models.get(`${key} returns`);
  const progress = models.get(`${key} progress`);
  const errors = [...task.errors.keys()];
  return {
    key,
    name,
    doc: withParams(place.doc(), params),
    origin: place.origin(),
    queue: queueOf(task.queue),
    params,
    returns,
    errors,
    progress,
    delivery: deliveryOf(task),
    allow: task.allow,
    fingerprint: fingerprints.of({
      name,
      params,
      returns: returns?.json ?? null,
      errors: errors.map((error) => ({ name: error, json: present(models.get(`${key} error ${error}`)).json })),
      progress: progress?.json ?? null,
    }),
    ...plainness(task, { params: params.map(({ input }) => input), returns: returns?.output }, lookup),
  };
}

/** Whether arguments and result are plain JSON for certain: by their types, and because nothing else can come of the schemas. */
export function plainness(
  task: Pick<TaskSpec, "params" | "returns">,
  types: { readonly params: readonly TypeNode[]; readonly returns: TypeNode | undefined },
  lookup: Lookup,
): Pick<TaskModel, "plainArgs" | "plainResult"> {
  const keeps = (schema: unknown, side: Side): boolean => keepsItsType(schema as ZodSchema, side);
  return {
    plainArgs:
      types.params.every((input) => isPlainArgument(input, lookup)) && task.params.every(({ schema }) => keeps(schema, "input")),
    plainResult: isPlainResult(types.returns, lookup) && (task.returns === undefined || keeps(task.returns, "output")),
  };
}

/** The declared errors of all tasks; one that several tasks declare leads to the first. */
export function errorModels(
  tasks: Iterable<TaskSpec>,
  root: Place,
  models: ReadonlyMap<string, ValueModel>,
): readonly ErrorModel[] {
  const errors = new Map<string, ErrorModel>();
  for (const { key, errors: declared } of tasks) {
    for (const name of declared.keys()) {
      if (errors.has(name)) continue;
      const place = root.task(key).prop("errors").prop(name);
      errors.set(name, { name, doc: place.doc(), origin: place.origin(), ...present(models.get(`${key} error ${name}`)) });
    }
  }
  return [...errors.values()];
}

export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("A part of the contract model is missing.");
  return value;
}
