import type { JsonValue } from "../../model/json-schema.ts";
import type { Side } from "../../model/type-node.ts";
import type { ZodSchema } from "./definition.ts";
import { checkText, defaultOf, hashOf, sourceOf, textOf } from "./value-text.ts";

type JsonObject = Record<string, JsonValue>;

/** A check as zod keeps it. */
interface Check {
  readonly _zod: { readonly def: CheckDef };
}

interface CheckDef {
  readonly check: string;
  readonly format?: string;
  readonly pattern?: RegExp;
  readonly value?: number | bigint | Date;
  readonly inclusive?: boolean;
  readonly [option: string]: unknown;
}

/**
 * Adds to a JSON Schema what JSON Schema has no keyword for, and what decides all the same which values pass and what
 * becomes of them. docs/decisions/0022 lists the keywords; `ligature breaking` compares them.
 */
export function addFacts(schema: ZodSchema, json: JsonObject, side: Side): void {
  const { def } = schema._zod;
  addChecks(schema, json);
  switch (def.type) {
    case "optional":
      json[isExact(schema) ? "x-exact" : "x-optional"] = true;
      break;
    case "nonoptional":
      delete json["x-optional"];
      break;
    case "default":
    case "prefault": {
      if (!isJson((def as { readonly defaultValue?: unknown }).defaultValue)) json["x-default"] = defaultText(defaultOf(def));
      if (def.type === "prefault" && side === "input") json["x-prefault"] = true;
      break;
    }
    case "catch": {
      json["x-catch"] = catchText((def as { readonly catchValue?: (context: never) => unknown }).catchValue);
      // zod shows it as the default, and none that stands behind it.
      const inner = defaultInside(def.innerType);
      if (inner !== undefined) json["x-default"] = defaultText(defaultOf(inner._zod.def));
      break;
    }
    case "record":
      if (def.mode === "loose" && json["patternProperties"] === undefined) json["x-loose"] = true;
      break;
    case "custom":
      // Of a well-known class, `x-type` says it.
      if (json["x-type"] === undefined && schema._zod.bag?.Class === undefined) addPredicate(json, schema);
      break;
    case "success":
      addTransform(json, side === "input" ? "success" : hashOf(def.innerType));
      break;
    case "transform":
      addTransform(json, hashOf(def.transform));
      break;
    case "pipe":
      addPipe(schema, json, side);
      break;
    default:
  }
}

/** `z.custom<T>()` alone lets everything pass. */
function addPredicate(json: JsonObject, schema: ZodSchema): void {
  const { fn } = schema._zod.def as { readonly fn?: () => unknown };
  if (fn !== undefined && sourceOf(fn) !== "() => true") append(json, [`refine ${hashOf(fn)}`]);
}

function defaultText(value: unknown): string {
  return typeof value === "function" ? `computed ${hashOf(value)}` : textOf(value);
}

function defaultInside(schema: ZodSchema | undefined): ZodSchema | undefined {
  for (let inner = schema; inner !== undefined; inner = inner._zod.def.innerType) {
    const { type } = inner._zod.def;
    if (type === "default" || type === "prefault") return inner;
    if (!["catch", "nullable", "readonly"].includes(type)) return undefined;
  }
  return undefined;
}

function addPipe(schema: ZodSchema, json: JsonObject, side: Side): void {
  const { in: first, out, transform } = schema._zod.def;
  const { truthy, falsy } = (schema._zod.bag ?? {}) as {
    readonly truthy?: readonly string[];
    readonly falsy?: readonly string[];
  };
  if (truthy !== undefined && falsy !== undefined) {
    if (side === "input") append(json, [`stringbool ${[...truthy, ...falsy].join("|")}`]);
    addTransform(json, hashOf(schema));
    return;
  }
  const isPreprocessed = first?._zod.def.type === "transform";
  const unseen = side === "output" ? [first] : isPreprocessed ? [first, out] : [out];
  addTransform(json, hashOf([transform, ...unseen]));
}

function addTransform(json: JsonObject, what: string): void {
  const before = json["x-transforms"];
  json["x-transforms"] = typeof before === "string" ? `${before} ${what}` : what;
}

function catchText(make: ((context: never) => unknown) | undefined): string {
  if (make === undefined) return "";
  // How zod marks the functions that it makes of constants.
  const isConstant =
    (make as { readonly "~constantCatch"?: boolean })["~constantCatch"] === true || sourceOf(make) === "() => value";
  return isConstant ? textOf((make as () => unknown)()) : hashOf(make);
}

function isExact({ _zod }: ZodSchema): boolean {
  return _zod.traits.has("$ZodExactOptional") || _zod.traits.has("ZodExactOptional");
}

function isJson(value: unknown): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== "object") return false;
  if (value instanceof Date) return !Number.isNaN(value.getTime());
  if (Array.isArray(value)) return value.every(isJson);
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.values(value).every(isJson);
}

/** Stands in a list of checks for those that JSON Schema has keywords for. */
const keywords = "keywords";

function addChecks(schema: ZodSchema, json: JsonObject): void {
  const checks = (schema._zod.def.checks ?? []) as unknown as readonly Check[];
  const isCheck = schema._zod.traits.has("$ZodCheck") && schema._zod.def.type !== "custom";
  const all = isCheck ? [schema as unknown as Check, ...checks] : checks;
  if (all.length === 0) return;
  const items = all.flatMap((check) => itemsOf(check, schema, json));
  const runs = items.filter(({ text }, index) => text === keywords && items[index - 1]?.text !== keywords);
  const changes = items.some(({ text }) => text.startsWith("change "));
  if (!changes) {
    append(
      json,
      items
        .map(({ text }) => text)
        .filter((text) => text !== keywords)
        .sort(),
    );
    return;
  }
  // Before and behind what changes the value, keywords mean two things; only one of them can be told by keywords.
  const written = items.map(({ text, check }, index) =>
    text !== keywords
      ? text
      : runs.length > 1
        ? `keywords ${hashOf(checkText(check))}`
        : items[index - 1]?.text === keywords
          ? ""
          : text,
  );
  append(
    json,
    written.filter((text) => text !== ""),
  );
}

function append(json: JsonObject, texts: readonly string[]): void {
  const before = (json["x-checks"] ?? []) as readonly string[];
  const all = [...before, ...texts.filter((text) => !before.includes(text))];
  if (all.length > 0) json["x-checks"] = all;
}

interface Item {
  readonly text: string;
  readonly check: Check;
}

function itemsOf(check: Check, schema: ZodSchema, json: JsonObject): readonly Item[] {
  const { def } = check._zod;
  const { type } = schema._zod.def;
  const texts = ((): readonly string[] => {
    switch (def.check) {
      case "describe":
      case "meta":
        return [];
      case "overwrite":
        return [`change ${changeName(def["tx"])}`];
      case "custom": {
        const text = checkText(check);
        return [`${/\.value\s*=[^=]/.test(text) ? "change" : "refine"} ${hashOf(text)}`];
      }
      case "string_format":
        return type === "string" ? [...formatTexts(def, json), keywords] : [`format ${checkText(check)}`];
      case "less_than":
      case "greater_than":
      case "multiple_of":
      case "bigint_format":
      case "number_format":
        return boundTexts(check, type, json);
      case "min_length":
      case "max_length":
      case "length_equals":
        return [type === "string" || type === "array" ? keywords : `${def.check} ${checkText(check)}`];
      case "min_size":
      case "max_size":
      case "size_equals":
        return [type === "set" || type === "map" ? keywords : `${def.check} ${checkText(check)}`];
      default:
        return [`${def.check} ${hashOf(checkText(check))}`];
    }
  })();
  return texts.map((text) => ({ text, check }));
}

/** What of a string's format its keywords `format` and `pattern` don't say. */
function formatTexts(def: CheckDef, json: JsonObject): readonly string[] {
  const { format = "", pattern } = def;
  const texts: string[] = [];
  if (format === "url") {
    for (const option of ["hostname", "protocol"])
      if (def[option] !== undefined) texts.push(`url-${option} ${textOf(def[option])}`);
    if (def["normalize"] === true) texts.push("change url-normalize");
  }
  if (format === "jwt" && def["alg"] !== undefined && def["alg"] !== null) texts.push(`jwt-alg ${textOf(def["alg"])}`);
  if (pattern === undefined) {
    if (typeof def["fn"] === "function") texts.push(`format ${format} ${hashOf(def["fn"])}`);
    // Of several formats, JSON Schema shows the last.
    else if (json["format"] !== (shownAs[format] ?? format)) texts.push(`format ${format}`);
  } else if (/[imsy]/.test(pattern.flags)) texts.push(`pattern ${String(pattern)}`);
  return texts;
}

const shownAs: Readonly<Record<string, string>> = { guid: "uuid", url: "uri", datetime: "date-time", json_string: "json-string" };

/** Bounds of what JSON Schema sees as a string: of a bigint as its digits, of a Date in ISO form. */
function boundTexts(check: Check, type: string, json: JsonObject): readonly string[] {
  const { def } = check._zod;
  const { value } = def;
  if (def.check === "bigint_format" && type === "bigint") {
    const [least, most] = def.format === "uint64" ? [0n, 2n ** 64n - 1n] : [-(2n ** 63n), 2n ** 63n - 1n];
    narrow(json, "x-minimum", least);
    narrow(json, "x-maximum", most);
    return [keywords];
  }
  if (type === "number" && def.check !== "bigint_format" && !(def.check === "multiple_of" && !isDivisor(value)))
    return [keywords];
  if ((type === "bigint" && typeof value === "bigint") || (type === "date" && value instanceof Date)) {
    if (def.check === "multiple_of") {
      const before = json["x-multipleOf"];
      if (before === undefined) json["x-multipleOf"] = String(value);
      return before === undefined ? [keywords] : [`multiple_of ${String(value)}`];
    }
    const [inclusive, exclusive] =
      def.check === "greater_than" ? ["x-minimum", "x-exclusiveMinimum"] : ["x-maximum", "x-exclusiveMaximum"];
    narrow(json, def.inclusive === true ? inclusive : exclusive, value);
    return [keywords];
  }
  return [`${def.check} ${checkText(check)}`];
}

function isDivisor(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && value !== 0;
}

/** The tightest bound counts. */
function narrow(json: JsonObject, keyword: string, value: bigint | Date): void {
  const text = typeof value === "bigint" ? String(value) : Number.isNaN(value.getTime()) ? "never" : value.toISOString();
  const before = json[keyword];
  if (typeof before === "string") {
    const order = compareBounds(before, text);
    if (/inimum$/.test(keyword) ? order >= 0 : order <= 0) return;
  }
  json[keyword] = text;
}

function compareBounds(a: string, b: string): number {
  const [left, right] = /^-?\d+$/.test(a) ? [BigInt(a), BigInt(b)] : [Date.parse(a), Date.parse(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** zod's own changes by name, so that another version of zod isn't another change. */
function changeName(change: unknown): string {
  if (typeof change !== "function") return "";
  const source = sourceOf(change as () => unknown);
  const own = /^\(?input\)? => input\.(trim|toLowerCase|toUpperCase)\(\);?$/.exec(source)?.[1];
  return own ?? (/^\(?input\)? => \S*slugify\(input\);?$/.test(source) ? "slugify" : hashOf(change));
}
