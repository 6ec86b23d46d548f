import type { JsonValue } from "../../model/json-schema.ts";
import type { ZodSchema } from "./definition.ts";

/** What `.min()`, `.max()` and `.size()` of a Set or a Map leave behind; zod's own JSON Schemas leave them out. */
interface SizeCheck {
  readonly _zod: {
    readonly def: { readonly check: string; readonly minimum?: number; readonly maximum?: number; readonly size?: number };
  };
}

/** How many members a Set or a Map has: their list on the wire has as many. */
export function sizeOf(schema: ZodSchema): Record<string, JsonValue> {
  const { checks = [] } = schema._zod.def as { readonly checks?: readonly SizeCheck[] };
  let least = 0;
  let most = Number.POSITIVE_INFINITY;
  for (const { _zod } of checks) {
    const { check, minimum = 0, maximum = Number.POSITIVE_INFINITY, size = 0 } = _zod.def;
    if (check === "min_size") least = Math.max(least, minimum);
    if (check === "max_size") most = Math.min(most, maximum);
    if (check === "size_equals") [least, most] = [Math.max(least, size), Math.min(most, size)];
  }
  return { ...(least > 0 && { minItems: least }), ...(most < Number.POSITIVE_INFINITY && { maxItems: most }) };
}
