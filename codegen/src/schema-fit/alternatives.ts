import { canonicalJson, type JsonSchema, type JsonValue } from "../model/json-schema.ts";

export type Definitions = Readonly<Record<string, JsonSchema>>;

/**
 * - `values`: every keyword counts
 * - `types`: only what a TypeScript type says: no lengths, no bounds, no patterns
 */
export type Level = "values" | "types";

/**
 * A schema of one kind: without references, unions and intersections. `const` stands alone; `patterns` and `formats`
 * collect what an intersection says several times.
 */
export interface Node {
  readonly type?: string;
  readonly const?: JsonValue;
  readonly properties?: Readonly<Record<string, JsonValue>>;
  readonly required?: readonly string[];
  readonly patterns?: readonly string[];
  readonly formats?: readonly string[];
  readonly [keyword: string]: JsonValue | undefined;
}

/** Keywords that say nothing about which values fit. `default` is the receiver's business, and has a rule of its own. */
const annotations: ReadonlySet<string> = new Set(
  "$comment $schema default deprecated description examples id readOnly title writeOnly x-default x-exact x-prefault".split(" "),
);

/** Keywords that a TypeScript type doesn't say. */
const ofValues: ReadonlySet<string> = new Set(
  (
    "contentEncoding contentMediaType exclusiveMaximum exclusiveMinimum format maximum maxLength minimum minLength multipleOf " +
    "pattern uniqueItems minProperties maxProperties"
  ).split(" "),
);

/** Beyond that, a schema is too rich to be compared member by member. */
const mostAlternatives = 400;

/** How nothing is written where something may be missing: the end of a result, an item of an array. */
export const missing: Node = { type: "null", "x-type": "undefined" };

/**
 * The members of a union of plain schemas that means the same; undefined when it can't be written so.
 * @param fillsIn whether a default takes nothing, too
 */
export function alternativesOf(
  schema: JsonValue,
  definitions: Definitions,
  level: Level,
  fillsIn = false,
  trail: readonly string[] = [],
): readonly Node[] | undefined {
  if (schema === true) return [{}];
  if (schema === false) return [];
  if (!isObject(schema)) return undefined;
  const { $ref, allOf, anyOf, oneOf, type, enum: values, not, "x-optional": isOptional, ...others } = schema;
  const own = Object.fromEntries(Object.entries(others).filter(([keyword]) => !annotations.has(keyword)));
  if (not !== undefined) {
    if (isObject(not) && Object.keys(not).length === 0) return [];
    own["not"] = not;
  }
  const open = (part: JsonValue, names = trail): readonly Node[] | undefined =>
    alternativesOf(part, definitions, level, fillsIn, names);

  let nodes: readonly Node[] | undefined = plainNodes(own, type, values, level);
  if (typeof $ref === "string") {
    const name = $ref.replace("#/$defs/", "");
    const definition = definitions[name];
    // A name that stands for nothing but itself, or for nothing at all.
    if (definition === undefined || trail.includes(name)) return undefined;
    nodes = product(nodes, open(definition, [...trail, name]));
  }
  for (const part of (allOf ?? []) as readonly JsonValue[]) nodes = product(nodes, open(part));
  for (const union of [anyOf, oneOf] as readonly (readonly JsonValue[] | undefined)[]) {
    if (union === undefined) continue;
    const members = union.map((member) => open(member));
    nodes = product(nodes, members.includes(undefined) ? undefined : members.flatMap((member) => member ?? []));
  }
  const isFilled = fillsIn && schema["x-catch"] === undefined && schema["default"] !== undefined;
  if ((isOptional !== true && !isFilled) || nodes?.some((node) => node["x-type"] === missing["x-type"]) === true) return nodes;
  return nodes === undefined ? undefined : [...nodes, missing];
}

export function isObject(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function plainNodes(
  own: Readonly<Record<string, JsonValue>>,
  type: JsonValue | undefined,
  values: JsonValue | undefined,
  level: Level,
): readonly Node[] {
  const { pattern, format, ...kept } = level === "types" ? withoutValues(own) : own;
  // A pattern without its flags says something else; with them it is among the checks.
  const checks = (own["x-checks"] ?? []) as readonly string[];
  const hasFlags = checks.some((check) => typeof pattern === "string" && check.startsWith(`pattern /${pattern}/`));
  const base: Node = {
    ...kept,
    ...(typeof pattern === "string" && !hasFlags && { patterns: [pattern] }),
    ...(typeof format === "string" && { formats: [format] }),
  };
  const facts = Object.fromEntries(Object.entries(base).filter(([keyword]) => keyword.startsWith("x-")));
  const constant = (value: JsonValue): Node => ({ ...facts, const: value });
  if (base.const !== undefined) return [constant(base.const)];
  if (Array.isArray(values)) return (values as readonly JsonValue[]).map(constant);
  const types = Array.isArray(type) ? (type as readonly JsonValue[]) : [type];
  return types.map((each): Node => {
    if (typeof each !== "string") return base;
    return { ...base, type: level === "types" && each === "integer" ? "number" : each };
  });
}

function withoutValues(own: Readonly<Record<string, JsonValue>>): Readonly<Record<string, JsonValue>> {
  const isTuple = own["prefixItems"] !== undefined;
  return Object.fromEntries(
    Object.entries(own).filter(([keyword, value]) => {
      if (ofValues.has(keyword) || (keyword.startsWith("x-") && keyword !== "x-type")) return false;
      if (keyword === "minItems" || keyword === "maxItems") return isTuple;
      // The type of a strict object is that of any other.
      return !(keyword === "additionalProperties" && value === false);
    }),
  );
}

/** Every pair of members, each as one schema. */
function product(left: readonly Node[] | undefined, right: readonly Node[] | undefined): readonly Node[] | undefined {
  if (left === undefined || right === undefined || left.length * right.length > mostAlternatives) return undefined;
  const both: Node[] = [];
  for (const a of left) {
    for (const b of right) {
      const node = intersect(a, b);
      if (node === undefined) return undefined;
      if (node !== "never") both.push(node);
    }
  }
  return both;
}

/** Both at once; undefined when it can't be said in one schema. */
function intersect(a: Node, b: Node): Node | "never" | undefined {
  if (Object.keys(a).length === 0) return b;
  if (Object.keys(b).length === 0) return a;
  if (a.const !== undefined && b.const !== undefined) return canonicalJson(a.const) === canonicalJson(b.const) ? a : "never";
  if (a.const !== undefined || b.const !== undefined)
    return isFactsOnly(a.const === undefined ? a : b) ? { ...a, ...b } : undefined;
  if (a.type !== undefined && b.type !== undefined && a.type !== b.type) {
    const pair = [a.type, b.type];
    if (!pair.includes("integer") || !pair.includes("number")) return "never";
    return intersect({ ...a, type: "integer" }, { ...b, type: "integer" });
  }
  const merged: Record<string, JsonValue | undefined> = { ...a };
  for (const [keyword, value] of Object.entries(b)) {
    const other = a[keyword];
    const joined = other === undefined ? value : join(keyword, other, value as JsonValue);
    if (joined === undefined) return undefined;
    merged[keyword] = joined;
  }
  return merged;
}

function isFactsOnly(node: Node): boolean {
  return Object.keys(node).every((keyword) => keyword.startsWith("x-") && keyword !== "x-type");
}

function join(keyword: string, a: JsonValue, b: JsonValue): JsonValue | undefined {
  if (canonicalJson(a) === canonicalJson(b)) return a;
  if (keyword === "required" || keyword === "patterns" || keyword === "formats") {
    return [...new Set([...(a as readonly string[]), ...(b as readonly string[])])];
  }
  if (keyword === "properties" && isObject(a) && isObject(b)) {
    const shared = Object.keys(b).filter((name) => Object.hasOwn(a, name));
    return { ...a, ...b, ...Object.fromEntries(shared.map((name) => [name, { allOf: [a[name] ?? {}, b[name] ?? {}] }])) };
  }
  if (keyword === "items") return { allOf: [a, b] };
  if (keyword === "x-checks") return [...new Set([...(a as readonly string[]), ...(b as readonly string[])])];
  if (keyword === "x-transforms") return `${JSON.stringify(a)} ${JSON.stringify(b)}`;
  if (typeof a !== "number" || typeof b !== "number") return undefined;
  if (/^(exclusiveMinimum|min\w+)$/.test(keyword)) return Math.max(a, b);
  return /^(exclusiveMaximum|max\w+)$/.test(keyword) ? Math.min(a, b) : undefined;
}
