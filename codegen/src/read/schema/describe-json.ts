import { deprecationOf, descriptionOf } from "../../model/doc.ts";
import type { JsonSchema } from "../../model/json-schema.ts";
import { isKeyword, type TypeNode } from "../../model/type-node.ts";

/**
 * The same JSON Schema with the documentation of the type's fields as descriptions. The two come from one
 * schema, so they have one structure, as far as objects and lists go; the rest is left as it is.
 */
export function describeJson(json: JsonSchema, type: TypeNode): JsonSchema {
  if (type.kind === "asserted") return describeJson(json, type.type);
  if (type.kind === "union") {
    const [only, ...others] = type.members.filter((member) => !isKeyword(member, "null") && !isKeyword(member, "undefined"));
    return only === undefined || others.length > 0 ? json : describeJson(json, only);
  }
  if (type.kind === "array" && isSchema(json["items"])) return { ...json, items: describeJson(json["items"], type.element) };
  const { properties } = json;
  if (type.kind !== "object" || !isSchema(properties)) return json;
  const described = type.props.map(({ key, type: inner, doc }) => {
    const property = properties[key];
    if (!isSchema(property)) return [key, property ?? {}] as const;
    const description = descriptionOf(doc);
    return [
      key,
      {
        ...describeJson(property, inner),
        ...(description !== undefined && !("description" in property) && { description }),
        ...(deprecationOf(doc) !== undefined && { deprecated: true }),
      },
    ] as const;
  });
  return { ...json, properties: Object.fromEntries(described) };
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
