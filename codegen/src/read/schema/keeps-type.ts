import type { Side } from "../../model/type-node.ts";
import { constantOf } from "./constants.ts";
import { isZodSchema, type ZodDef, type ZodSchema } from "./definition.ts";

/**
 * Whether every value of a schema is checked to be of the type that it says. After `.overwrite()`, `.check()`, a default or a
 * `.catch()` nobody looks at the value again, and for TypeScript NaN is a number like others: then only the value itself tells
 * whether JSON can carry it.
 */
export function keepsItsType(schema: ZodSchema, side: Side, seen: Set<ZodSchema> = new Set()): boolean {
  if (seen.has(schema)) return true;
  seen.add(schema);
  const { def } = schema._zod;
  if (side === "output" && changesFreely(def)) return false;
  switch (def.type) {
    case "default":
      if (side === "output" && !isJson(constantOf(def)?.value)) return false;
      break;
    case "catch":
      // On its way in, anything: it is what a catch is for.
      return false;
    case "lazy":
      return def.getter === undefined || keepsItsType(def.getter(), side, seen);
    case "pipe":
      return [side === "input" ? def.in : def.out].every((part) => part === undefined || keepsItsType(part, side, seen));
    default:
  }
  return partsOf(def).every((part) => keepsItsType(part, side, seen));
}

/** A text that is changed is still one: zod's own `.trim()` and the like, and whatever the compiler lets an author write. */
function changesFreely({ type, checks = [] }: ZodDef): boolean {
  if (type === "string") return false;
  return checks.some(({ _zod }) => {
    const { check, fn } = (_zod?.def ?? {}) as { readonly check?: string; readonly fn?: unknown };
    return check === "overwrite" || (check === "custom" && fn === undefined);
  });
}

/** Whether JSON has a word for a value and all that is in it. */
function isJson(value: unknown): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value);
    case "object":
      if (value === null) return true;
      if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return false;
      return Object.values(value).every(isJson);
    default:
      return false;
  }
}

function partsOf(def: ZodDef): readonly ZodSchema[] {
  return Object.entries(def).flatMap(([key, value]: [string, unknown]) => {
    if (key === "checks" || key === "defaultValue") return [];
    if (isZodSchema(value)) return [value];
    const inner: readonly unknown[] = Array.isArray(value) ? value : key === "shape" ? Object.values(value as object) : [];
    return inner.filter(isZodSchema);
  });
}
