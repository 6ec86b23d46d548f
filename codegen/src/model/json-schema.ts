/** A JSON Schema (draft 2020-12), or any part of one. */
export type JsonSchema = { readonly [keyword: string]: JsonValue };

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** JSON with keys in code-unit order at every level: equal values give equal bytes. */
export function canonicalJson(value: JsonValue): string {
  return JSON.stringify(sortKeys(value));
}

/** The same value with its keys in code-unit order. */
export function sortKeys(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((item: JsonValue) => sortKeys(item));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortKeys(item)]));
}

/**
 * The same schema with its `#/$defs/…` replaced by what they stand for, so that schemas can be compared
 * whatever they are called. In a circle, a reference becomes the number of names that it lies back.
 */
export function expandRefs(json: JsonSchema, definitions: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const expand = (value: JsonValue, trail: readonly string[]): JsonValue => {
    if (Array.isArray(value)) return value.map((item: JsonValue) => expand(item, trail));
    if (typeof value !== "object" || value === null) return value;
    const { $ref, ...others } = value as JsonSchema;
    const inner = Object.fromEntries(Object.entries(others).map(([key, item]) => [key, expand(item, trail)]));
    if (typeof $ref !== "string") return $ref === undefined ? inner : { ...inner, $ref: expand($ref, trail) };
    const name = $ref.replace("#/$defs/", "");
    const definition = definitions[name];
    const back = trail.indexOf(name);
    if (definition === undefined || back >= 0) return { ...inner, $ref: String(back) };
    return { ...(expand(definition, [name, ...trail]) as JsonSchema), ...inner };
  };
  return expand(json, []) as JsonSchema;
}
