import { syncBuiltinESMExports } from "node:module";
import os from "node:os";
import { isDeepStrictEqual } from "node:util";
import type { JsonValue } from "../../model/json-schema.ts";
import type { ZodDef } from "./definition.ts";

/**
 * The value of a default, a prefault or a catch; undefined where it is computed: by a clock, from random bytes, from a
 * setting of this machine. zod hides whether a function stands behind it, so it is asked twice, the second time in a world
 * where all of these are different.
 */
export function constantOf(def: ZodDef): { readonly value: unknown } | undefined {
  const read = (): unknown => (def.type === "catch" ? def.catchValue?.(undefined) : def.defaultValue);
  try {
    const value = read();
    return isDeepStrictEqual(value, elsewhere(read)) ? { value } : undefined;
  } catch {
    // It needs what only a running service has.
    return undefined;
  }
}

/** Longer than anything that a format may leave out: the time of day, the day, the month, the year. */
const shift = 500 * 24 * 3600 * 1000 + 3_723_004;

/** Synchronous, so that nothing else runs meanwhile. */
function elsewhere(read: () => unknown): unknown {
  const { Date: RealDate, process: real } = globalThis;
  const now = (): number => RealDate.now() + shift;
  const LaterDate = new Proxy(RealDate, {
    apply: () => new RealDate(now()).toString(),
    construct: (_target, args: readonly unknown[]) => new RealDate(...((args.length === 0 ? [now()] : args) as [number])),
    get: (target, key): unknown => (key === "now" ? now : Reflect.get(target, key)),
  });
  const env = new Proxy(real.env, { get: (target, key) => `${target[String(key)] ?? ""} elsewhere` });
  const restore = [
    replace(globalThis, "Date", LaterDate),
    replace(Math, "random", () => 0.123_456_7),
    replace(performance, "now", () => shift),
    replace(real, "env", env),
    replace(real, "cwd", () => "/elsewhere"),
    replace(real, "pid", -1),
    replace(os, "hostname", () => "elsewhere"),
  ];
  syncBuiltinESMExports();
  try {
    return read();
  } finally {
    for (const undo of restore) undo();
    syncBuiltinESMExports();
  }
}

/** @returns what undoes it */
function replace(object: object, key: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(object, key);
  Object.defineProperty(object, key, { value, configurable: true, writable: true, enumerable: before?.enumerable ?? true });
  return () => {
    if (before === undefined) Reflect.deleteProperty(object, key);
    else Object.defineProperty(object, key, before);
  };
}

/** A value as it is in a message, where superjson's plain part stands; undefined for what has no such form. */
export function wireJson(value: unknown): JsonValue | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "bigint":
      return String(value);
    case "undefined":
      return null;
    case "object":
      return value === null ? null : wireObject(value);
    default:
      return undefined;
  }
}

function wireObject(value: object): JsonValue | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  if (value instanceof Map || value instanceof Set || Array.isArray(value)) return wireItems([...(value as Iterable<unknown>)]);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value instanceof URL ? value.href : undefined;
  const entries = Object.entries(value).map(([key, item]) => [key, wireJson(item)] as const);
  if (entries.some(([, item]) => item === undefined)) return undefined;
  return Object.fromEntries(entries.filter(([key]) => (value as Record<string, unknown>)[key] !== undefined)) as JsonValue;
}

function wireItems(items: readonly unknown[]): JsonValue | undefined {
  const json = items.map(wireJson);
  return json.some((item) => item === undefined) ? undefined : (json as JsonValue);
}
