import type { JsonSchema, JsonValue } from "../model/json-schema.ts";
import { code, type Inline, type Text, type ValuesBlock } from "./blocks.ts";
import { limitsOf } from "./limits.ts";
import { isSchema, type TypeText } from "./schema-code.ts";

/** One value of a table: a parameter, a property, or a property of one. */
interface Value {
  readonly path: string;
  readonly schema: JsonSchema;
  readonly isOptional: boolean;
  /** How deep it lies in another of the table. */
  readonly depth?: number;
}

/** A list of values; objects that have no name of their own are followed by their properties. */
export function valueTable(what: string, values: readonly Value[], types: TypeText, title?: string): ValuesBlock {
  return {
    kind: "values",
    ...(title !== undefined && { title }),
    head: [what, "Type"],
    rows: values.flatMap(withInside).map(({ path, schema, isOptional, depth = 0 }) => ({
      name: path,
      depth,
      isOptional,
      type: typeCell(schema, types),
      ...defaultOf(schema),
      description: describe(schema),
    })),
  };
}

function defaultOf(schema: JsonSchema): { readonly default?: string } {
  const own = schema["x-default"];
  if (typeof own === "string" && own.startsWith("computed")) return { default: "computed" };
  return schema["default"] === undefined ? {} : { default: JSON.stringify(schema["default"]) };
}

/** The properties of an object as values; undefined when a schema is no plain object. */
export function propertiesOf(schema: JsonValue, path = ""): readonly Value[] | undefined {
  if (!isSchema(schema) || schema["type"] !== "object" || schema["x-type"] !== undefined) return undefined;
  const { properties, additionalProperties, required = [] } = schema;
  if (!isSchema(properties) || isSchema(additionalProperties)) return undefined;
  const needed = new Set(required as readonly string[]);
  return Object.entries(properties).map(([name, each]) => ({
    path: path === "" ? name : `${path}.${name}`,
    schema: isSchema(each) ? each : {},
    isOptional: !needed.has(name),
  }));
}

/** What a schema's author says, and what it demands. */
export function describe(schema: JsonSchema): Text {
  const { description } = schema;
  const limits = limitsOf(schema);
  const parts: Inline[] = typeof description === "string" ? [{ kind: "prose", markdown: description }] : [];
  if (limits !== "") parts.push(...withCode(parts.length > 0 ? ` ${limits}` : limits));
  return parts;
}

/** Text whose patterns stand between backticks. */
function withCode(text: string): readonly Inline[] {
  return text.split("`").map((part, index) => (index % 2 === 1 ? code(part) : part));
}

function withInside(value: Value): readonly Value[] {
  const { path, schema, depth = 0 } = value;
  const { items } = schema;
  const inside =
    schema["type"] === "array" && items !== undefined && schema["x-type"] === undefined
      ? propertiesOf(items, `${path}[]`)
      : propertiesOf(schema, path);
  return [value, ...(inside ?? []).flatMap((each) => withInside({ ...each, depth: depth + 1 }))];
}

/** What has rows of its own isn't written out twice. */
function typeCell(schema: JsonSchema, types: TypeText): Inline {
  const { items } = schema;
  if ((propertiesOf(schema) ?? []).length > 0) return code("object");
  if (schema["type"] === "array" && items !== undefined && (propertiesOf(items) ?? []).length > 0) return code("object[]");
  return code(...types.of(schema));
}
