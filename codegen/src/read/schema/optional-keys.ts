import type { JsonValue } from "../../model/json-schema.ts";

/** Of an object's keys, `required` says that they may be missing: `x-optional` says it of what has no key. */
export function withoutOptionalKeys(json: JsonValue): JsonValue {
  if (Array.isArray(json)) return json.map((item: JsonValue) => withoutOptionalKeys(item));
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([keyword, value]) => {
      if (keyword === "const" || keyword === "enum" || keyword === "default") return [keyword, value];
      if (keyword !== "properties" || typeof value !== "object" || value === null) return [keyword, withoutOptionalKeys(value)];
      const entries = Object.entries(value).map(([name, schema]): [string, JsonValue] => {
        const kept = withoutOptionalKeys(schema);
        if (typeof kept !== "object" || kept === null || Array.isArray(kept)) return [name, kept];
        const { "x-optional": _, ...others } = kept as { readonly [keyword: string]: JsonValue };
        return [name, others];
      });
      return [keyword, Object.fromEntries(entries)];
    }),
  );
}
