import { isList, isObject, unreadable } from "../envelope/index.ts";
import { superjson } from "./own-superjson.ts";
import { isPrototypeKey, typedArrays } from "./writable.ts";

/**
 * superjson's annotations of one value, as it writes them in `meta.values`: `[type]` or `[type, inner]` for a value
 * that is itself annotated, an object from path to annotation for one that only has annotated parts.
 */
export type Annotations = OwnAnnotation | InnerAnnotations;
type OwnAnnotation = readonly [type: unknown] | readonly [type: unknown, inner: InnerAnnotations];
type InnerAnnotations = Readonly<Record<string, unknown>>;

/** The form of `meta` on the wire: superjson's, without the identities of shared objects, which cost more than they tell. */
export interface Meta {
  readonly values: Annotations;
  readonly v: 1;
}

export function metaOf(annotations: Annotations): Meta {
  return { values: annotations, v: 1 };
}

/** @throws LigatureError `UNREADABLE` when it isn't superjson's meta in the version that we write */
export function annotationsOf(meta: unknown, part: string): Annotations | undefined {
  if (meta === undefined || meta === null) return undefined;
  if (!isObject(meta) || meta["v"] !== 1) throw unreadable(part, "isn't superjson's meta, version 1.");
  const values = meta["values"];
  if (values === undefined) return undefined;
  if (isAnnotations(values)) return values;
  throw unreadable(part, "has no annotations that superjson could have written.");
}

export function isAnnotations(value: unknown): value is Annotations {
  return isOwn(value) || isObject(value);
}

function isOwn(value: unknown): value is OwnAnnotation {
  return isList(value) && (value.length === 1 || (value.length === 2 && isObject(value[1])));
}

/**
 * Restores a value from plain JSON, which is left as it is.
 *
 * superjson by itself trusts its meta: a path may lead into a prototype, past an array's end (where it makes an array
 * of four thousand million holes), or through a Map that it has to search from the front for each step. So every
 * path is first followed through the JSON, step by step through own properties, and every type held against the value
 * that it annotates.
 * @throws LigatureError `UNREADABLE`
 */
export function restore(json: unknown, annotations: Annotations, part: string): unknown {
  check(annotations, json, part);
  try {
    return superjson.deserialize({ json: clone(json) as never, meta: metaOf(annotations) as never }, { inPlace: true });
  } catch (error) {
    throw unreadable(part, `can't be restored: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}

function check(annotations: Annotations, json: unknown, part: string): void {
  // superjson has made Sets and Maps of these by the time it reads a later annotation; no path may lead through one.
  const restored = new Set<unknown>();
  if (isOwn(annotations)) checkOwn(annotations, json, restored, part);
  else checkInner(annotations, json, restored, part);
}

function checkOwn(node: OwnAnnotation, json: unknown, restored: Set<unknown>, part: string): void {
  const [type, inner] = node;
  if (inner !== undefined) checkInner(inner, json, restored, part);
  if (!fits(type, json)) throw unreadable(part, "annotates a value with a type that doesn't fit it.");
  if (typeof json === "object" && json !== null) {
    if (restored.has(json)) throw unreadable(part, "annotates a value twice.");
    restored.add(json);
  }
}

function checkInner(inner: InnerAnnotations, json: unknown, restored: Set<unknown>, part: string): void {
  for (const [path, node] of Object.entries(inner)) {
    if (!isOwn(node)) throw unreadable(part, "isn't nested as superjson nests it.");
    let at = json;
    for (const key of splitPath(path, part)) {
      if (restored.has(at)) throw unreadable(part, "leads through a value that is already restored.");
      at = step(at, key, part);
    }
    checkOwn(node, at, restored, part);
  }
}

function step(container: unknown, key: string, part: string): unknown {
  if (isList(container) && /^(?:0|[1-9]\d{0,9})$/.test(key) && Number(key) < container.length) return container[Number(key)];
  if (isObject(container) && !isPrototypeKey(key) && Object.hasOwn(container, key)) return container[key];
  throw unreadable(part, "leads to a value that isn't there.");
}

/** superjson joins keys with dots, and escapes dots and backslashes inside them with a backslash. */
function splitPath(path: string, part: string): string[] {
  if (!path.includes("\\")) return path.split(".");
  const keys = [""];
  for (let index = 0; index < path.length; index++) {
    let char = path[index] ?? "";
    if (char === ".") {
      keys.push("");
      continue;
    }
    if (char === "\\") {
      index++;
      char = path[index] ?? "";
      if (char !== "." && char !== "\\") throw unreadable(part, "has a path that superjson can't have written.");
    }
    keys[keys.length - 1] += char;
  }
  return keys;
}

/** Longer ones take seconds to parse. */
const longestBigint = 10_000;

function fits(type: unknown, json: unknown): boolean {
  if (isList(type)) {
    const [kind, name] = type;
    if (kind === "custom" && name === "-0") return json === 0;
    if (kind === "custom") return name === "bytes" && isObject(json) && typeof json["__value__"] === "string";
    return kind === "typed-array" && typeof name === "string" && typedArrays.has(name) && isList(json);
  }
  switch (type) {
    case "undefined":
      return json === null;
    case "bigint":
      return typeof json === "string" && json.length <= longestBigint && /^-?\d+$/.test(json);
    case "Date":
      return typeof json === "string" && json.length <= 64 && !Number.isNaN(Date.parse(json));
    case "number":
      return json === "NaN" || json === "Infinity" || json === "-Infinity";
    case "set":
      return isList(json);
    case "map":
      return isList(json) && json.every((pair) => isList(pair) && pair.length === 2);
    case "regexp":
      return typeof json === "string" && json.length <= 10_000 && json.startsWith("/") && json.lastIndexOf("/") > 0;
    case "URL":
      return typeof json === "string";
    case "Error":
      return isObject(json) && typeof json["name"] === "string" && typeof json["message"] === "string";
    default:
      return false;
  }
}

/** A deep copy of parsed JSON; a key `__proto__` stays the harmless own property that `JSON.parse` made of it. */
function clone(json: unknown): unknown {
  if (isList(json)) return json.map(clone);
  if (!isObject(json)) return json;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(json)) {
    const value = clone(json[key]);
    if (key === "__proto__") Object.defineProperty(copy, key, { value, enumerable: true, configurable: true, writable: true });
    else copy[key] = value;
  }
  return copy;
}
