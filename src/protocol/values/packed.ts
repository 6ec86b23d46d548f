import type { SchemaLike } from "../../contract/index.ts";
import { readNumbers } from "../envelope/index.ts";
import { annotate } from "./annotate.ts";
import { readGuided, readPlain } from "./guided.ts";
import { annotationsOf, metaOf, restore } from "./meta.ts";

/** A value as plain JSON, with superjson's annotations where JSON alone would lose something. */
export interface Packed {
  readonly json: unknown;
  readonly meta?: unknown;
}

/**
 * Splits a value; `plain` (known by codegen) skips superjson, and then `undefined` is null, Celery's None.
 * @throws LigatureError `UNREADABLE` for functions, cycles, class instances and everything else that has no form on the wire
 */
export function packValue(value: unknown, plain: boolean): Packed {
  if (plain) return { json: value === undefined ? null : value };
  const { json, annotations } = annotate(value, () => "The value");
  return annotations === undefined ? { json } : { json, meta: metaOf(annotations) };
}

/**
 * Restores a value: by `meta` where there is one, and guided by the schema (Python sends no meta). Not validated.
 * Without a schema, null is nothing (`void`).
 * @throws LigatureError `UNREADABLE` for a meta that superjson can't have written for this value
 */
export function unpackValue(packed: Packed, schema: SchemaLike | undefined, plain: boolean): unknown {
  const json = readNumbers(packed.json);
  const annotations = annotationsOf(packed.meta, "The value's meta");
  // Of a group's results, too, those that come from Python aren't annotated.
  if (annotations !== undefined) return readGuided(restore(json, annotations, "The value's meta"), schema);
  if (schema === undefined && json === null) return undefined;
  return (plain ? readPlain : readGuided)(json, schema);
}
