import type { JsonSchema, JsonValue } from "../model/json-schema.ts";
import { anchorOf, type CodePart } from "./blocks.ts";

/** Writes schemas of one contract as types, with links to those that have a name. */
export class TypeText {
  readonly #contract: string;
  readonly #names: ReadonlySet<string>;

  constructor(contract: string, names: Iterable<string>) {
    this.#contract = contract;
    this.#names = new Set(names);
  }

  of(schema: JsonValue | undefined): readonly CodePart[] {
    if (schema === false) return ["never"];
    if (!isSchema(schema)) return ["unknown"];
    const { $ref, const: only, enum: values, anyOf, oneOf, allOf, type } = schema;
    if (typeof $ref === "string") return [this.#name($ref.replace("#/$defs/", ""))];
    const special = schema["x-type"];
    if (only !== undefined) return [special === "number" ? "NaN" : JSON.stringify(only)];
    if (Array.isArray(values)) return [(values as JsonValue[]).map((value) => literal(value, special)).join(" | ") || "never"];
    if (typeof special === "string") return this.#special(special, schema);
    const union = anyOf ?? oneOf;
    if (Array.isArray(union)) return this.#joined(union as JsonValue[], " | ");
    if (Array.isArray(allOf)) return this.#joined(allOf as JsonValue[], " & ");
    if (Array.isArray(type))
      return this.#joined(
        (type as JsonValue[]).map((each) => ({ ...schema, type: each })),
        " | ",
      );
    switch (type) {
      case "object":
        return this.#object(schema);
      case "array":
        return this.#array(schema);
      case "integer":
        return ["integer"];
      default:
        return [typeof type === "string" ? type : "unknown"];
    }
  }

  #name(name: string): CodePart {
    if (!this.#names.has(name)) return name;
    return { text: name, to: { contract: this.#contract, anchor: anchorOf("type", this.#contract, name) } };
  }

  #special(special: string, { items }: JsonSchema): readonly CodePart[] {
    if (special === "Set") return ["Set<", ...this.of(items), ">"];
    if (special !== "Map" || !isSchema(items) || !Array.isArray(items["prefixItems"])) return [special];
    return ["Map<", ...this.#joined(items["prefixItems"] as JsonValue[], ", "), ">"];
  }

  #object({ properties, additionalProperties, required = [] }: JsonSchema): readonly CodePart[] {
    const needed = new Set(required as readonly string[]);
    const members = Object.entries(isSchema(properties) ? properties : {}).map(([name, each]) => [
      `${nameOf(name)}${needed.has(name) ? "" : "?"}: `,
      ...this.of(each),
    ]);
    if (isSchema(additionalProperties)) {
      const record: readonly CodePart[] = ["Record<string, ", ...this.of(additionalProperties), ">"];
      if (members.length === 0) return record;
      return ["{ ", ...separated(members, "; "), " } & ", ...record];
    }
    return members.length === 0 ? ["object"] : ["{ ", ...separated(members, "; "), " }"];
  }

  #array({ items, prefixItems }: JsonSchema): readonly CodePart[] {
    if (!Array.isArray(prefixItems)) return this.#listOf(items);
    const parts = (prefixItems as JsonValue[]).map((each) => this.of(each));
    if (items !== undefined && items !== false) parts.push(["...", ...this.#listOf(items)]);
    return ["[", ...separated(parts, ", "), "]"];
  }

  #listOf(items: JsonValue | undefined): readonly CodePart[] {
    const element = this.of(items);
    const isOneWord = element.length === 1 && /^[\w.]+$/.test(textOf(element));
    return isOneWord ? [...element, "[]"] : ["Array<", ...element, ">"];
  }

  #joined(schemas: readonly JsonValue[], separator: string): readonly CodePart[] {
    return separated(
      schemas.map((each) => this.of(each)),
      separator,
    );
  }
}

/** Code without its links. */
export function textOf(parts: readonly CodePart[]): string {
  return parts.map((part) => (typeof part === "string" ? part : part.text)).join("");
}

export function isSchema(value: JsonValue | undefined): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function separated(parts: readonly (readonly CodePart[])[], separator: string): readonly CodePart[] {
  return parts.flatMap((part, index) => (index === 0 ? part : [separator, ...part]));
}

function literal(value: JsonValue, special: JsonValue | undefined): string {
  if (special === "bigint" && typeof value === "string") return `${value}n`;
  return special === "undefined" && value === null ? "undefined" : JSON.stringify(value);
}

function nameOf(name: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : JSON.stringify(name);
}
