import type { JsonSchema, JsonValue } from "../model/json-schema.ts";
import { isList, schemaAt, schemasAt } from "./json-keywords.ts";

/**
 * An `allOf` of objects as one object; undefined when a member is none, or says what other keys may hold.
 * A property of several members keeps what all of them say.
 */
export function mergedObject(schema: JsonSchema, resolve: (schema: JsonSchema) => JsonSchema): JsonSchema | undefined {
  const { allOf: _, ...own } = schema;
  const members = [own, ...schemasAt(schema, "allOf")].map(resolve).filter((each) => Object.keys(each).length > 0);
  const properties: Record<string, JsonValue> = {};
  const required = new Set<JsonValue>();
  for (const member of members) {
    const object = isList(member["allOf"]) ? mergedObject(member, resolve) : member;
    if (object === undefined) return undefined;
    if (object["type"] === undefined && object["properties"] === undefined) continue;
    if (object["type"] !== "object" || typeof object["additionalProperties"] === "object") return undefined;
    for (const [name, property] of Object.entries(schemaAt(object, "properties"))) {
      const known = properties[name];
      properties[name] = known === undefined ? property : { allOf: [known, property] };
    }
    const names = object["required"];
    if (isList(names)) for (const name of names) required.add(name);
  }
  return Object.keys(properties).length === 0 ? undefined : { type: "object", properties, required: [...required] };
}
