import type { JsonSchema, JsonValue } from "../model/json-schema.ts";

/** A keyword that holds a schema; one that isn't there accepts anything. */
export function schemaAt(schema: JsonSchema, keyword: string): JsonSchema {
  const value = schema[keyword];
  return isObject(value) ? value : value === false ? { not: {} } : {};
}

/** A keyword that holds a list of schemas. */
export function schemasAt(schema: JsonSchema, keyword: string): readonly JsonSchema[] {
  const value = schema[keyword];
  return isList(value) ? value.map((item) => (isObject(item) ? item : {})) : [];
}

export function textAt(schema: JsonSchema, keyword: string): string | undefined {
  const value = schema[keyword];
  return typeof value === "string" ? value : undefined;
}

export function isObject(value: JsonValue | undefined): value is JsonSchema {
  return typeof value === "object" && value !== null && !isList(value);
}

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** The name that a reference leads to. */
export function referenceOf(schema: JsonSchema): string | undefined {
  return textAt(schema, "$ref")?.replace("#/$defs/", "");
}
