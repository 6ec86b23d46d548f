import type { JsonSchema, JsonValue } from "../model/json-schema.ts";
import { code, type Block, type Inline, type Text } from "./blocks.ts";
import { limitsOf } from "./limits.ts";
import { isSchema, type TypeText } from "./schema-code.ts";

/** One value of a table: a parameter, a property, or a property of one. */
interface Value {
  readonly path: string;
  readonly schema: JsonSchema;
  readonly isOptional: boolean;
}

/** A table of values; objects that have no name of their own follow with their properties. */
export function valueTable(what: string, values: readonly Value[], types: TypeText): Block {
  const rows = values.flatMap((value) => withInside(value));
  const hasDefaults = rows.some(({ schema }) => defaultOf(schema) !== undefined);
  return {
    kind: "table",
    head: [what, "Type", ...(hasDefaults ? ["Default"] : []), "Description"],
    rows: rows.map(({ path, schema, isOptional }): readonly Text[] => [
      [code(`${path}${isOptional ? "?" : ""}`)],
      [typeCell(schema, types)],
      ...(hasDefaults ? [defaultOf(schema) ?? []] : []),
      describe(schema),
    ]),
  };
}

function defaultOf(schema: JsonSchema): Text | undefined {
  const own = schema["x-default"];
  if (typeof own === "string" && own.startsWith("computed")) return [{ kind: "prose", markdown: "computed" }];
  return schema["default"] === undefined ? undefined : [code(JSON.stringify(schema["default"]))];
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
  const { path, schema } = value;
  const { items } = schema;
  const inside =
    schema["type"] === "array" && items !== undefined && schema["x-type"] === undefined
      ? propertiesOf(items, `${path}[]`)
      : propertiesOf(schema, path);
  return [value, ...(inside ?? []).flatMap(withInside)];
}

/** What has rows of its own isn't written out twice. */
function typeCell(schema: JsonSchema, types: TypeText): Inline {
  const { items } = schema;
  if ((propertiesOf(schema) ?? []).length > 0) return code("object");
  if (schema["type"] === "array" && items !== undefined && (propertiesOf(items) ?? []).length > 0) return code("object[]");
  return code(...types.of(schema));
}
