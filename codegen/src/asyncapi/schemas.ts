import type { JsonSchema, JsonValue } from "../model/json-schema.ts";

/** Names of components may hold letters, digits and `.-_` only. */
export function keyOf(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._-]/g, "_");
}

/** A reference to a part of the document. */
export function refTo(...path: readonly string[]): { readonly $ref: string } {
  return { $ref: `#/${path.map((part) => encodeURI(part.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/")}` };
}

export function schemaRef(contract: string, name: string): { readonly $ref: string } {
  return refTo("components", "schemas", keyOf(`${contract}.${name}`));
}

/** Keywords whose value is a schema, a list of them, or an object of them. */
const nested = {
  one: ["additionalItems", "additionalProperties", "contains", "else", "if", "not", "propertyNames", "then"],
  list: ["allOf", "anyOf", "oneOf"],
  map: ["patternProperties", "properties"],
} as const;

/**
 * A schema of a manifest (draft 2020-12, names in its contract) as AsyncAPI's schemas are: draft 7, names in
 * the whole document.
 */
export function asyncApiSchema(schema: JsonValue, contract: string): JsonSchema | boolean {
  if (typeof schema === "boolean") return schema;
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return {};
  const { $ref, prefixItems, items, ...rest } = schema as JsonSchema;
  const convert = (value: JsonValue): JsonValue => asyncApiSchema(value, contract);
  const converted: Record<string, JsonValue> = {};
  for (const [keyword, value] of Object.entries(rest)) {
    if (includes(nested.one, keyword)) converted[keyword] = convert(value);
    else if (includes(nested.list, keyword) && Array.isArray(value)) converted[keyword] = value.map(convert);
    else if (includes(nested.map, keyword) && typeof value === "object" && value !== null) {
      converted[keyword] = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, convert(each)]));
    } else converted[keyword] = value;
  }
  // Draft 7 wants something in each list of schemas, and of values.
  if (["enum", "anyOf", "oneOf"].some((keyword) => Array.isArray(rest[keyword]) && rest[keyword].length === 0))
    return { not: {} };
  if (Array.isArray(rest["allOf"]) && rest["allOf"].length === 0) delete converted["allOf"];
  if (Array.isArray(prefixItems) && prefixItems.length === 0) {
    if (items === false) converted["maxItems"] = 0;
    else if (items !== undefined) converted["items"] = convert(items);
  } else if (Array.isArray(prefixItems)) {
    converted["items"] = prefixItems.map(convert);
    if (items !== undefined) converted["additionalItems"] = convert(items);
  } else if (items !== undefined) converted["items"] = convert(items);
  if (typeof $ref !== "string") return converted;
  const target = schemaRef(contract, $ref.replace("#/$defs/", ""));
  // In draft 7 nothing counts beside a reference.
  return Object.keys(converted).length === 0 ? target : { allOf: [target], ...converted };
}

function includes(keywords: readonly string[], keyword: string): boolean {
  return keywords.includes(keyword);
}
