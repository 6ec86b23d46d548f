import type { SchemaLike } from "../../contract/index.ts";
import { readNumbers } from "../envelope/index.ts";
import { annotate } from "./annotate.ts";
import { readGuided } from "./guided.ts";
import { annotationsOf, metaOf, restore } from "./meta.ts";

/** A value as plain JSON, with superjson's annotations where JSON alone would lose something. */
export interface Packed {
  readonly json: unknown;
  readonly meta?: unknown;
  /** Perhaps not packed by Ligature: without annotations it is read as the receiver's schema means it. */
  readonly foreign?: true;
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
 * Restores a value: by `meta` where there is one; what Ligature packed without one is what it looks like (`exact`), and
 * anything else is read as the schema means it, since Python sends no meta. Not validated. Without a schema, null is
 * nothing (`void`).
 * @throws LigatureError `UNREADABLE` for a meta that superjson can't have written for this value
 */
export function unpackValue(packed: Packed, schema: SchemaLike | undefined, exact: boolean): unknown {
  const json = readNumbers(packed.json);
  const annotations = annotationsOf(packed.meta, "The value's meta");
  if (annotations !== undefined) {
    const restored = restore(json, annotations, "The value's meta");
    // Of a group's results those that come from Python aren't annotated.
    return exact ? restored : readGuided(restored, schema);
  }
  if (schema === undefined && json === null) return undefined;
  return exact ? json : readGuided(json, schema);
}
