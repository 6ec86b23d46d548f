import type { JsonSchema, JsonValue } from "../../model/json-schema.ts";
import { isBrand, isKeyword, type Keyword, type TypeNode } from "../../model/type-node.ts";
import { isCarried, wireFormOf } from "./wire-forms.ts";

/**
 * The JSON Schema of a type that no schema stands behind: what a transform returns, what `z.custom<T>()` takes.
 * `reference` names a type that contains itself. Of what can't travel it only says what that is.
 */
export function jsonOfType(type: TypeNode, reference: (id: string) => JsonSchema): JsonSchema {
  const of = (part: TypeNode): JsonSchema => jsonOfType(part, reference);
  switch (type.kind) {
    case "keyword":
      return keywords[type.name];
    case "literal":
      return /^-?\d+n$/.test(type.text)
        ? { enum: [type.text.slice(0, -1)], "x-type": "bigint" }
        : { const: JSON.parse(type.text) as JsonValue };
    case "template":
      return { type: "string" };
    case "asserted":
      return of(type.type);
    case "named":
      return reference(type.id);
    case "imported":
      return isBrand(type) ? {} : { "x-type": type.name };
    case "global":
      return globalJson(type, of);
    case "array":
      return { type: "array", items: of(type.element) };
    case "tuple":
      return tupleJson(type, of);
    case "object":
      return objectJson(type, of);
    case "record":
      return recordJson(type, of);
    case "union":
      return unionJson(type.members, of);
    case "intersection": {
      const members = type.members.map(of).filter((each) => Object.keys(each).length > 0);
      const [only, ...others] = members;
      return only === undefined ? {} : others.length === 0 ? only : { allOf: members };
    }
  }
}

type Convert = (type: TypeNode) => JsonSchema;

const keywords: Readonly<Record<Keyword, JsonSchema>> = {
  any: {},
  unknown: {},
  bigint: wireFormOf("bigint"),
  boolean: { type: "boolean" },
  nan: wireFormOf("nan"),
  never: { not: {} },
  null: { type: "null" },
  number: { type: "number" },
  string: { type: "string" },
  undefined: wireFormOf("undefined"),
  void: wireFormOf("undefined"),
};

function globalJson({ name, args }: TypeNode & { kind: "global" }, of: Convert): JsonSchema {
  const [first, second] = args;
  if ((name === "Set" || name === "ReadonlySet") && first !== undefined) {
    return { type: "array", items: of(first), "x-type": "Set" };
  }
  if ((name === "Map" || name === "ReadonlyMap") && first !== undefined && second !== undefined) {
    const pair = { type: "array", prefixItems: [of(first), of(second)], minItems: 2, maxItems: 2 };
    return { type: "array", items: pair, "x-type": "Map" };
  }
  if (/^(Uppercase|Lowercase|Capitalize|Uncapitalize)$/.test(name)) return { type: "string" };
  if ((name === "Readonly" || name === "Exclude") && first !== undefined) return of(first);
  if (name === "object") return { type: ["object", "array"] };
  return isCarried(name) ? wireFormOf(name) : { "x-type": name };
}

function tupleJson({ items, rest }: TypeNode & { kind: "tuple" }, of: Convert): JsonSchema {
  const required = items.filter(({ optional }) => !optional).length;
  return {
    type: "array",
    ...(items.length > 0 && { prefixItems: items.map((item) => of(item.type)) }),
    ...(rest === undefined ? { items: false } : { items: of(rest) }),
    ...(required > 0 && { minItems: required }),
  };
}

function objectJson({ props }: TypeNode & { kind: "object" }, of: Convert): JsonSchema {
  const required = props.filter(({ optional }) => !optional).map(({ key }) => key);
  return {
    type: "object",
    properties: Object.fromEntries(props.map(({ key, type, optional }) => [key, of(optional ? present(type) : type)])),
    ...(required.length > 0 && { required }),
  };
}

function recordJson({ key, value, optional }: TypeNode & { kind: "record" }, of: Convert): JsonSchema {
  const isAny = isKeyword(key, "string") || isKeyword(key, "number") || key.kind === "global";
  if (isAny) return { type: "object", additionalProperties: of(value) };
  const names = key.kind === "union" ? key.members : [key];
  const literals = names.flatMap((each) => (each.kind === "literal" ? [String(JSON.parse(each.text))] : []));
  return {
    type: "object",
    propertyNames: of(key),
    additionalProperties: of(value),
    ...(!optional && literals.length === names.length && { required: literals }),
  };
}

function unionJson(members: readonly TypeNode[], of: Convert): JsonSchema {
  const literals = members.map((each) => (each.kind === "asserted" ? each.type : each));
  const values = literals.map((each) => (each.kind === "literal" && !/^-?\d+n$/.test(each.text) ? each.text : undefined));
  if (values.every((text) => text !== undefined)) return { enum: values.map((text) => JSON.parse(text) as JsonValue) };
  return { anyOf: members.map(of) };
}

function present(type: TypeNode): TypeNode {
  if (type.kind !== "union") return type;
  const members = type.members.filter((each) => !isKeyword(each, "undefined"));
  const [only, ...others] = members;
  return others.length === 0 && only !== undefined ? only : { kind: "union", members };
}
