import { isList, maxValueDepth, unreadable } from "../envelope/index.ts";

/** `plain`: JSON holds it as it is. `rich`: superjson must annotate it. `unwritable`: neither can. */
export type Writable = "plain" | "rich" | "unwritable";

/** Decides in one walk over the value; most values are plain, and then superjson's slower walk is saved. */
export function writable(value: unknown, levels: number = maxValueDepth): Writable {
  switch (typeof value) {
    case "string":
    case "boolean":
      return "plain";
    case "number":
      // -0 and the numbers that JSON doesn't know.
      return Number.isFinite(value) && (value !== 0 || 1 / value > 0) ? "plain" : "rich";
    case "undefined":
    case "bigint":
      return "rich";
    case "object":
      if (value === null) return "plain";
      return levels <= 0 ? "unwritable" : writableObject(value, levels - 1);
    default:
      return "unwritable";
  }
}

function writableObject(value: object, levels: number): Writable {
  if (isList(value)) return writableItems(value, value, levels, "plain");
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return writableEntries(value, levels);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "unwritable" : "rich";
  // Two levels each: a Map is written as an array of pairs, and the annotations of all three nest by two.
  if (value instanceof Map) return writableItems([...value.keys(), ...value.values()], undefined, levels - 1, "rich");
  if (value instanceof Set) return writableItems([...value], undefined, levels - 1, "rich");
  if (value instanceof Error) return "cause" in value ? writableItems([value.cause], undefined, levels - 1, "rich") : "rich";
  if (value instanceof RegExp || value instanceof URL) return "rich";
  return ArrayBuffer.isView(value) && isKnownView(value) ? "rich" : "unwritable";
}

function writableItems(
  items: readonly unknown[],
  holesIn: readonly unknown[] | undefined,
  levels: number,
  start: Writable,
): Writable {
  let result = start;
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    if (item === undefined && holesIn !== undefined && !(index in holesIn)) return "unwritable";
    const kind = writable(item, levels);
    if (kind === "unwritable") return kind;
    if (kind === "rich") result = kind;
  }
  return result;
}

function writableEntries(value: object, levels: number): Writable {
  let result: Writable = "plain";
  for (const [key, item] of Object.entries(value)) {
    if (isPrototypeKey(key)) return "unwritable";
    const kind = writable(item, levels);
    if (kind === "unwritable") return kind;
    if (kind === "rich") result = kind;
  }
  return result;
}

/** superjson refuses these wherever they stand, for what naive code does with them at the other end. */
export function isPrototypeKey(key: string): boolean {
  return key === "__proto__" || key === "constructor" || key === "prototype";
}

/** The typed arrays that superjson can restore; a Uint8Array, or a Buffer, goes as bytes. */
export const typedArrays: ReadonlySet<string> = new Set([
  "Int8Array",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float32Array",
  "Float64Array",
  "Uint8ClampedArray",
]);

function isKnownView(value: ArrayBufferView): boolean {
  return value instanceof Uint8Array || typedArrays.has(value.constructor.name);
}

/** The error for a value that {@link writable} calls unwritable: which part, and why. */
export function unwritable(value: unknown, what: string): Error {
  const found = find(value, what, maxValueDepth);
  return found ?? unreadable(what, "can't be written to a message.");
}

function find(value: unknown, path: string, levels: number): Error | undefined {
  if (writable(value, levels) !== "unwritable") return undefined;
  if (typeof value === "function" || typeof value === "symbol") {
    return unreadable(path, `is a ${typeof value}: only data can be sent.`);
  }
  if (typeof value !== "object" || value === null) return undefined;
  if (levels <= 0) {
    return unreadable(
      shortenPath(path),
      `nests deeper than ${maxValueDepth} levels: it contains itself, or should be flattened.`,
    );
  }
  if (value instanceof Date) return unreadable(path, "is an invalid Date.");
  if (isList(value) || value instanceof Set) {
    const items = [...value];
    for (const [index, item] of items.entries()) {
      if (isList(value) && !(index in value)) return unreadable(`${path}[${index}]`, "is a hole: fill the array.");
      const found = find(item, `${path}[${index}]`, isList(value) ? levels - 1 : levels - 2);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (value instanceof Map) {
    return find([...value.keys()], `${path}.keys()`, levels - 1) ?? find([...value.values()], `${path}.values()`, levels - 1);
  }
  if (value instanceof Error) return find(value.cause, `${path}.cause`, levels - 2);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    return unreadable(
      path,
      `is an instance of ${value.constructor.name}, which has no form on the wire: send plain data instead.`,
    );
  }
  for (const [key, item] of Object.entries(value)) {
    if (isPrototypeKey(key)) return unreadable(path, `has a key "${key}", which is refused because it can pollute prototypes.`);
    const found = find(item, `${path}.${key}`, levels - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function shortenPath(path: string): string {
  return path.length > 200 ? `${path.slice(0, 200)}…` : path;
}
