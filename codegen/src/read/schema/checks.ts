import type { JsonValue } from "../../model/json-schema.ts";
import type { ZodSchema } from "./definition.ts";
import { checkText, hashOf, sourceOf, textOf } from "./value-text.ts";

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

/** Stands in a list of checks for those that JSON Schema has keywords for. */
const keywords = "keywords";

/** Adds the checks of a schema, as far as JSON Schema has no keyword for them. */
export function addChecks(schema: ZodSchema, json: JsonObject): void {
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

/** Adds to the list of checks what isn't in it. */
export function append(json: JsonObject, texts: readonly string[]): void {
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
    if (keyword.endsWith("inimum") ? order >= 0 : order <= 0) return;
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
