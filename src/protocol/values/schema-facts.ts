import { parseWith, schemaDef, type SchemaLike } from "../../contract/index.ts";
import { isList, isObject } from "../envelope/index.ts";

const absentForNull = new WeakMap<SchemaLike, boolean>();

/** Whether Python's None can only mean "not given" here: the schema refuses null and accepts undefined. */
export function readsNullAsAbsent(schema: SchemaLike): boolean {
  let known = absentForNull.get(schema);
  if (known === undefined) {
    known = !accepts(schema, null) && accepts(schema, undefined);
    absentForNull.set(schema, known);
  }
  return known;
}

/** Asynchronous schemas, and those that throw, accept nothing here. */
export function accepts(schema: SchemaLike, value: unknown): boolean {
  try {
    const parsed = parseWith(schema, value);
    if (!(parsed instanceof Promise)) return parsed.ok;
    parsed.catch(() => {});
    return false;
  } catch {
    return false;
  }
}

/** Kinds of zod schemas whose values are JSON, if those of their inner schemas are. */
const jsonKinds: ReadonlySet<string> = new Set([
  "string",
  "number",
  "boolean",
  "null",
  "literal",
  "enum",
  "template_literal",
  "object",
  "array",
  "tuple",
  "record",
  "union",
  "intersection",
  "nullable",
  "readonly",
  "nonoptional",
  "lazy",
]);

const jsonOnly = new WeakMap<SchemaLike, boolean>();

/** Whether nothing inside a schema is read otherwise than `JSON.parse` left it, typed values apart. */
export function isJsonOnly(schema: SchemaLike): boolean {
  let known = jsonOnly.get(schema);
  if (known === undefined) {
    known = allReachable(schema, new Set());
    jsonOnly.set(schema, known);
  }
  return known;
}

function allReachable(schema: SchemaLike, seen: Set<SchemaLike>): boolean {
  if (seen.has(schema)) return true;
  seen.add(schema);
  const def = schemaDef(schema);
  if (!jsonKinds.has(def.type) || def["coerce"] === true) return false;
  return innerSchemas(def).every((inner) => allReachable(inner, seen));
}

/** The schemas that a definition is made of. */
function innerSchemas(def: ReturnType<typeof schemaDef>): SchemaLike[] {
  if (def.type === "lazy") return [lazySchema(def)];
  return Object.entries(def).flatMap(([name, value]) => {
    if (name === "checks") return [];
    if (isSchemaLike(value)) return [value];
    const inner = isList(value) ? value : isObject(value) && name === "shape" ? Object.values(value) : [];
    return inner.filter(isSchemaLike);
  });
}

export function isSchemaLike(value: unknown): value is SchemaLike {
  return typeof value === "object" && value !== null && "_zod" in value;
}

export function lazySchema(def: ReturnType<typeof schemaDef>): SchemaLike {
  return (def["getter"] as () => SchemaLike)();
}
