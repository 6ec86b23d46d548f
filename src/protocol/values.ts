import type { SchemaLike } from "../contract/index.ts";
import { readGuided } from "./guided.ts";
import { annotationsOf, isAnnotations, metaOf, restore, type Annotations } from "./meta.ts";
import { superjson } from "./own-superjson.ts";
import { unreadable } from "./unreadable.ts";
import { unwritable, writable } from "./writable.ts";

/** A value as plain JSON, with superjson's annotations where JSON alone would lose something. */
export interface Packed {
  readonly json: unknown;
  readonly meta?: unknown;
}

/**
 * Splits a value; `plain` (known by codegen) skips superjson, and then `undefined` is null, Celery's None.
 * @throws LigatureError `UNREADABLE` for functions, cycles, class instances and whatever else has no form on the wire
 */
export function packValue(value: unknown, plain: boolean): Packed {
  if (plain) return { json: value === undefined ? null : value };
  const { json, annotations } = annotate(value, () => "The value");
  return annotations === undefined ? { json } : { json, meta: metaOf(annotations) };
}

/** A value as superjson splits it; untouched, and not even looked at by superjson, when it is plain JSON. */
export function annotate(value: unknown, what: () => string): { readonly json: unknown; readonly annotations?: Annotations } {
  const kind = writable(value);
  if (kind === "plain") return { json: value };
  if (kind === "unwritable") throw unwritable(value, what());
  let split: ReturnType<typeof superjson.serialize>;
  try {
    split = superjson.serialize(value);
  } catch (error) {
    throw unreadable(what(), `can't be written: ${error instanceof Error ? error.message : String(error)}`, error);
  }
  const values: unknown = split.meta?.values;
  if (values === undefined) return { json: split.json };
  if (isAnnotations(values)) return { json: split.json, annotations: values };
  throw unreadable(what(), "was annotated in a form that this version doesn't know.");
}

/**
 * Restores a value: by `meta` where there is one, else guided by the schema (Python sends no meta). Not validated.
 * Without a schema, null is nothing (`void`).
 * @throws LigatureError `UNREADABLE` for a meta that superjson can't have written for this value
 */
export function unpackValue(packed: Packed, schema: SchemaLike | undefined, plain: boolean): unknown {
  const annotations = annotationsOf(packed.meta, "The value's meta");
  if (annotations !== undefined) return restore(packed.json, annotations, "The value's meta");
  if (schema === undefined && packed.json === null) return undefined;
  return plain ? packed.json : readGuided(packed.json, schema);
}
