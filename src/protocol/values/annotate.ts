import { isList, unreadable } from "../envelope/index.ts";
import { isAnnotations, type Annotations } from "./meta.ts";
import { superjson } from "./own-superjson.ts";
import { unwritable, writable } from "./writable.ts";

/** A value as superjson splits it. */
export interface Annotated {
  readonly json: unknown;
  readonly annotations?: Annotations;
}

/**
 * Splits a value as superjson does, and is handed only the parts that it has to change: walking a whole value with it
 * costs some microseconds for each string and number inside. A value that is plain JSON comes back as it is.
 * @throws LigatureError `UNREADABLE` for what can't be written
 */
export function annotate(value: unknown, what: () => string): Annotated {
  const kind = writable(value);
  if (kind === "plain") return { json: value };
  if (kind === "unwritable") throw unwritable(value, what());
  try {
    return split(value);
  } catch (error) {
    throw unreadable(what(), `can't be written: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}

function split(value: unknown): Annotated {
  switch (typeof value) {
    case "string":
    case "boolean":
      return { json: value };
    case "number":
      return writable(value) === "plain" ? { json: value } : bySuperjson(value);
    case "object":
      if (value === null) return { json: null };
      if (isList(value)) return splitParts(value, value, () => [...value]);
      if (isPlainObject(value)) return splitParts(value, Object.values(value), () => ({ ...value }));
      return bySuperjson(value);
    default:
      return bySuperjson(value);
  }
}

function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The same reference when no part changes. */
function splitParts(value: object, parts: readonly unknown[], copy: () => unknown[] | Record<string, unknown>): Annotated {
  let changed: Record<string, unknown> | undefined;
  let inner: Record<string, unknown> | undefined;
  let keys: readonly string[] | undefined;
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index];
    if (typeof part === "string" || part === null || typeof part === "boolean") continue;
    const { json, annotations } = split(part);
    if (json === part && annotations === undefined) continue;
    const key = isList(value) ? String(index) : ((keys ??= Object.keys(value))[index] ?? "");
    changed ??= copy() as Record<string, unknown>;
    changed[key] = json;
    if (annotations !== undefined) addAnnotations((inner ??= {}), key, annotations);
  }
  return { json: changed ?? value, ...(inner !== undefined && { annotations: inner }) };
}

function addAnnotations(inner: Record<string, unknown>, key: string, annotations: Annotations): void {
  const escaped = key.replaceAll("\\", "\\\\").replaceAll(".", String.raw`\.`);
  if (isList(annotations)) inner[escaped] = annotations;
  else for (const [path, node] of Object.entries(annotations)) inner[`${escaped}.${path}`] = node;
}

function bySuperjson(value: unknown): Annotated {
  const { json, meta } = superjson.serialize(value);
  const annotations: unknown = meta?.values;
  if (annotations === undefined) return { json };
  if (isAnnotations(annotations)) return { json, annotations };
  throw new TypeError("superjson annotated it in a form that this version doesn't know");
}
