import type { JsonValue } from "../model/json-schema.ts";
import { isObject, type Definitions } from "./alternatives.ts";

/** Whether a schema, or one that it is made of, is of a kind. */
export function reaches(
  schema: JsonValue,
  definitions: Definitions,
  is: (part: Readonly<Record<string, JsonValue>>) => boolean,
  seen: Set<string> = new Set(),
): boolean {
  if (Array.isArray(schema)) return schema.some((part: JsonValue) => reaches(part, definitions, is, seen));
  if (!isObject(schema)) return false;
  if (is(schema)) return true;
  const { $ref } = schema;
  if (typeof $ref === "string" && !seen.has($ref)) {
    seen.add($ref);
    const definition = definitions[$ref.replace("#/$defs/", "")];
    if (definition === undefined || reaches(definition, definitions, is, seen)) return true;
  }
  return Object.entries(schema).some(([keyword, value]) => {
    if (keyword === "properties" || keyword === "patternProperties") {
      return isObject(value) && Object.values(value).some((part) => reaches(part, definitions, is, seen));
    }
    return schemasInside.has(keyword) && reaches(value, definitions, is, seen);
  });
}

const schemasInside: ReadonlySet<string> = new Set(
  "additionalProperties allOf anyOf items oneOf prefixItems propertyNames x-coerce".split(" "),
);

/** Whether every value of a schema is plain JSON, so that it travels without superjson's annotations. */
export function isPlain(schema: JsonValue, definitions: Definitions): boolean {
  return !reaches(schema, definitions, (part) => {
    if (part["x-type"] !== undefined || part["x-coerce"] !== undefined) return true;
    if (part["x-optional"] === true || part["items"] === true) return true;
    return !saysWhat.some((keyword) => part[keyword] !== undefined);
  });
}

/** Without any of these, a schema takes whatever there is. */
const saysWhat = ["$ref", "allOf", "anyOf", "const", "enum", "not", "oneOf", "type", "x-json", "pattern", "multipleOf"] as const;

/** Whether a value of a schema is certainly read by the schema, since JSON can't say all of it. */
export function isRead(schema: JsonValue, definitions: Definitions): boolean {
  return reaches(schema, definitions, (part) => typeof part["x-type"] === "string");
}

/** Whether something is made of a value on its way in, so that what came of it isn't parsed again. */
export function isTransformed(schema: JsonValue, definitions: Definitions): boolean {
  return reaches(schema, definitions, (part) => part["x-transforms"] !== undefined);
}
