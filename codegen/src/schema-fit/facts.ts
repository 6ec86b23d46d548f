import { canonicalJson, type JsonValue } from "../model/json-schema.ts";
import { isObject, type Definitions, type Node } from "./alternatives.ts";
import type { Fit, Misfit } from "./misfit.ts";
import { isPlain } from "./reach.ts";

type Complaint = Pick<Misfit, "kind" | "why">;

/** Compares what stands in Ligature's own keywords (`x-…`), `x-type` apart, which decides what can meet at all. */
export function factsFit(fit: Fit, from: Node, to: Node): readonly Complaint[] {
  const { travels, to: definitions } = fit.options;
  const complaints: Complaint[] = [...checksFit(listOf(from), listOf(to)), ...boundsFit(from, to)];
  if (from["x-loose"] === true && to["x-loose"] !== true && Object.keys(to).length > 0) {
    complaints.push({ kind: "refused", why: "keys of other forms were let through, and are refused" });
  }
  if (to["x-json"] === true && !isPlain(asSchema(from), { ...definitions, ...fit.options.from })) {
    complaints.push({ kind: "refused", why: "only what is plain JSON is accepted" });
  }
  const [caught, catches] = [from["x-catch"], to["x-catch"]];
  if (travels === "arguments" && caught !== undefined && catches === undefined) {
    complaints.push({ kind: "refused", why: "what doesn't fit was replaced, and is refused" });
  }
  if (travels === "arguments" && caught !== undefined && catches !== undefined && caught !== catches) {
    complaints.push({ kind: "default", why: `what doesn't fit became ${shown(caught)}, and becomes ${shown(catches)}` });
  }
  // What is refused anyhow needs no looking at.
  if (complaints.some(({ kind }) => kind === "refused")) return complaints;
  if (from["x-transforms"] !== to["x-transforms"]) {
    complaints.push({ kind: "unclear", why: "a function makes something else of it, and what that means can't be told" });
  }
  return complaints;
}

/** A node's keywords are a schema's, but for those that an intersection says several times. */
function asSchema({ patterns: _patterns, formats: _formats, ...node }: Node): JsonValue {
  return Object.fromEntries(Object.entries(node).filter(([, value]) => value !== undefined)) as JsonValue;
}

function listOf(node: Node): readonly string[] {
  return (node["x-checks"] ?? []) as readonly string[];
}

function shown(value: JsonValue | undefined): string {
  return typeof value === "string" && value.length < 60 ? value : "something else";
}

const nameOf = (check: string): string => check.split(" ", 1)[0] ?? check;

function checksFit(from: readonly string[], to: readonly string[]): readonly Complaint[] {
  if (canonicalJson(from) === canonicalJson(to)) return [];
  const isChange = (check: string): boolean => check.startsWith("change ");
  const missing = to.filter((check) => !from.includes(check) && !check.startsWith("keywords") && !isChange(check));
  const gone = from.filter((check) => !to.includes(check));
  const [first] = missing.filter((check) => !gone.some((other) => nameOf(other) === nameOf(check)));
  if (first !== undefined) return [{ kind: "refused", why: `only what passes a new check (${first}) is accepted` }];
  if (from.some(isChange) || to.some(isChange)) {
    return [{ kind: "unclear", why: "a function changes the value, and what that means can't be told" }];
  }
  return missing.map((check) => ({
    kind: "unclear",
    why: `its check (${nameOf(check)}) changed, and what that means can't be told`,
  }));
}

/** Bounds of Dates and bigints. */
function boundsFit(from: Node, to: Node): readonly Complaint[] {
  const complaints: Complaint[] = [];
  for (const [inclusive, exclusive, sign, words] of bounds) {
    const wanted = boundOf(to, inclusive, exclusive, sign);
    if (wanted === undefined) continue;
    const given = from.const === undefined ? boundOf(from, inclusive, exclusive, sign) : constBound(from);
    if (given === undefined || !isWithin(given, wanted, sign)) {
      complaints.push({
        kind: "refused",
        why: `${words} ${wanted.text} is refused${wanted.exclusive ? ", and that itself" : ""}`,
      });
    }
  }
  const [step, wanted] = [from["x-multipleOf"], to["x-multipleOf"]];
  if (typeof wanted === "string" && wanted !== step) {
    const isMultiple = typeof step === "string" && BigInt(wanted) !== 0n && BigInt(step) % BigInt(wanted) === 0n;
    if (!isMultiple) complaints.push({ kind: "refused", why: `only multiples of ${wanted} are accepted` });
  }
  return complaints;
}

const bounds = [
  ["x-minimum", "x-exclusiveMinimum", 1, "less than"],
  ["x-maximum", "x-exclusiveMaximum", -1, "more than"],
] as const;

interface Bound {
  readonly value: bigint | number;
  readonly exclusive: boolean;
  readonly text: string;
}

function boundOf(node: Node, inclusive: string, exclusive: string, sign: 1 | -1): Bound | undefined {
  const [one, other] = [read(node[inclusive], false), read(node[exclusive], true)];
  if (one === undefined || other === undefined) return one ?? other ?? numericBound(node, sign);
  return isWithin(other, one, sign) ? other : one;
}

/** What a number's own bounds say where a bigint is read from it. */
function numericBound(node: Node, sign: 1 | -1): Bound | undefined {
  if (node.type !== "integer") return undefined;
  const [inclusive, exclusive] =
    sign === 1 ? (["minimum", "exclusiveMinimum"] as const) : (["maximum", "exclusiveMaximum"] as const);
  const value = node[exclusive] ?? node[inclusive];
  if (typeof value !== "number" || !Number.isFinite(value)) return undefined;
  return { value, exclusive: node[exclusive] !== undefined, text: String(value) };
}

function constBound(node: Node): Bound | undefined {
  if (typeof node.const === "number") return { value: node.const, exclusive: false, text: String(node.const) };
  return read(node.const, false);
}

function read(value: JsonValue | undefined, exclusive: boolean): Bound | undefined {
  if (typeof value !== "string") return undefined;
  return { value: /^-?\d+$/.test(value) ? BigInt(value) : Date.parse(value), exclusive, text: value };
}

/** Whether everything within the one bound is within the other. */
function isWithin(bound: Bound, other: Bound, sign: 1 | -1): boolean {
  const order = bound.value > other.value ? sign : bound.value < other.value ? -sign : 0;
  if (typeof bound.value === "number" && Number.isNaN(bound.value)) return false;
  return order > 0 || (order === 0 && (bound.exclusive || !other.exclusive));
}

/** What stands for a value that is left out, as text; undefined where nothing does. */
export function defaultOf(
  schema: JsonValue | undefined,
  definitions: Definitions,
  trail: readonly string[] = [],
): string | undefined {
  if (!isObject(schema)) return undefined;
  const { $ref, allOf, anyOf, oneOf } = schema;
  const own = schema["x-default"] ?? (schema["x-catch"] === undefined ? schema["default"] : undefined);
  if (own !== undefined) return `${schema["x-prefault"] === true ? "what is made of " : ""}${canonicalJson(own)}`;
  if (typeof $ref === "string" && !trail.includes($ref)) {
    const found = defaultOf(definitions[$ref.replace("#/$defs/", "")], definitions, [...trail, $ref]);
    if (found !== undefined) return found;
  }
  for (const parts of [allOf, anyOf, oneOf] as readonly (readonly JsonValue[] | undefined)[]) {
    for (const part of parts ?? []) {
      const found = defaultOf(part, definitions, trail);
      if (found !== undefined) return found;
      // The first member that takes nothing is the one that counts.
      if (parts !== allOf && isObject(part) && (part["x-optional"] === true || part["x-type"] === "undefined")) return undefined;
    }
  }
  return undefined;
}

/** Whether the receiver replaces what doesn't fit. */
export function isCaught(schema: JsonValue, definitions: Definitions): boolean {
  if (!isObject(schema)) return false;
  if (schema["x-catch"] !== undefined) return true;
  const { $ref } = schema;
  return typeof $ref === "string" && definitions[$ref.replace("#/$defs/", "")]?.["x-catch"] !== undefined;
}
