import type { TaskSpec } from "ligature/contract";
import { descriptionOf } from "../model/doc.ts";
import type { Side } from "../model/type-node.ts";
import { relativeTo } from "../workspace/index.ts";
import type { ModuleExports } from "./load.ts";
import type { ForeignSchema, LoadedContract } from "./loaded-contract.ts";
import { isZodSchema, Place, type NamedJsonSchema, type NamedSchema, type ZodSchema } from "./schema/index.ts";

/** A schema of the contract, with all that is said of it. */
export interface Value {
  readonly schema: ZodSchema;
  readonly place: Place;
  /** The side that travels. */
  readonly travels: Side;
}

/** Every schema that the tasks of a contract name, by `<task> param <name>`, `<task> returns`, … */
export function valuesOf(tasks: Iterable<TaskSpec>, root: Place): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  for (const task of tasks) collectValues(values, task, root.task(task.key));
  return values;
}

function collectValues(values: Map<string, Value>, task: TaskSpec, place: Place): void {
  const add = (key: string, schema: unknown, at: Place, travels: Side): unknown =>
    values.set(`${task.key} ${key}`, { schema: schema as ZodSchema, place: at, travels });
  for (const { name, schema } of task.params) add(`param ${name}`, schema, place.prop("params").prop(name), "input");
  if (task.returns !== undefined) add("returns", task.returns, place.prop("returns"), "output");
  // Sent as the handler made it: who receives an error parses its data.
  for (const [name, schema] of task.errors) add(`error ${name}`, schema, place.prop("errors").prop(name), "input");
  if (task.progress !== undefined) add("progress", task.progress, place.prop("progress"), "output");
}

/** The contract module's exported schemas, in the order of the source; those from elsewhere come last, by name. */
export function localSchemas({ exports, source }: LoadedContract): readonly NamedSchema[] {
  return schemasOf(exports).map(([exportName, schema]) => {
    const types = { root: { export: exportName } };
    return { id: exportName, exportName, schema, place: new Place(source, exportName, source.exported(exportName), { types }) };
  });
}

/** Schemas that the contract's other modules export. */
export function otherLocalSchemas({ modules, source, contract }: LoadedContract): readonly NamedSchema[] {
  return [...modules].flatMap(([file, exports]) => {
    const module = `./${relativeTo(contract.dir, file)}`;
    return schemasOf(exports).map(([exportName, schema]): NamedSchema => {
      const types = { root: { module, export: exportName } };
      const place = new Place(source, exportName, source.exportedFrom(file, exportName), { types });
      return { id: `${module}#${exportName}`, exportName, schema, place };
    });
  });
}

/** In the order of the source. */
export function bySource(schemas: readonly NamedSchema[]): readonly NamedSchema[] {
  const orderOf = ({ id, place }: NamedSchema): readonly [string, number, number, string] => {
    const { file = "\uffff", line = 0, column = 0 } = place.origin() ?? {};
    return [file, line, column, id];
  };
  return schemas
    .map((each) => [orderOf(each), each] as const)
    .sort(([[aFile, aLine, aColumn, aId]], [[bFile, bLine, bColumn, bId]]) => {
      if (aFile !== bFile) return aFile < bFile ? -1 : 1;
      return aLine - bLine || aColumn - bColumn || (aId < bId ? -1 : 1);
    })
    .map(([, each]) => each);
}

function schemasOf(exports: ModuleExports): readonly (readonly [name: string, schema: ZodSchema])[] {
  return Object.entries(exports).flatMap(([name, schema]) => (isZodSchema(schema) ? [[name, schema] as const] : []));
}

/** A definition in the manifest; of this package's own schemas with their id. */
export type NamedJson = NamedJsonSchema & { readonly id?: string };

/** Names for the manifest: those of the exports, told apart by their package where two are alike. */
export function jsonNames(locals: readonly NamedSchema[], foreign: readonly ForeignSchema[]): readonly NamedJson[] {
  const names = new Map<ZodSchema, NamedJson>();
  const taken = new Set<string>();
  for (const { id, exportName, schema, place } of locals) {
    if (names.has(schema)) continue;
    const name = freeName(exportName, taken);
    taken.add(name);
    names.set(schema, { id, schema, name, description: descriptionOf(place.doc()) });
  }
  for (const { package: from, exportName, schema } of foreign) {
    if (names.has(schema)) continue;
    const name = taken.has(exportName) ? `${from.replaceAll(/\W+/g, "_")}_${exportName}` : exportName;
    taken.add(name);
    names.set(schema, { schema, name });
  }
  return [...names.values()];
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted}_${number}`;
    if (!taken.has(name)) return name;
  }
}
