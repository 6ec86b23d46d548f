import { shortHash } from "./hash.ts";
import { canonicalJson, type JsonSchema, type JsonValue } from "./json-schema.ts";

/** What two services must agree on for a task's messages to be understood. */
export interface WireShape {
  readonly name: string;
  readonly params: readonly { readonly name: string; readonly optional: boolean; readonly json: JsonSchema }[];
  readonly returns: JsonSchema | null;
  readonly errors: Readonly<Record<string, JsonSchema>>;
  readonly progress: JsonSchema | null;
}

/**
 * Keywords that say nothing about which values fit: documentation, and a default, which is applied by
 * whoever receives the value.
 */
const unimportant = new Set([
  "$comment",
  "default",
  "deprecated",
  "description",
  "examples",
  "id",
  "readOnly",
  "title",
  "writeOnly",
]);

/**
 * A task's fingerprint. It covers the wire name; each parameter's name, place, optionality and accepted
 * values; the values of result, errors and progress. It leaves out what may differ between two builds that
 * understand each other: names of types, documentation, and everything about delivery (queue, retry, time
 * limits, priority), which only one side acts on or which is checked elsewhere.
 */
export function fingerprintOf(shape: WireShape): string {
  return shortHash(canonicalJson(strip(shape as unknown as JsonValue, false)));
}

/** `isMap`: the keys are names that the user chose (`properties`, `$defs`), not keywords. */
function strip(value: JsonValue, isMap: boolean): JsonValue {
  if (Array.isArray(value)) return value.map((item: JsonValue) => strip(item, false));
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => isMap || !unimportant.has(key));
  return Object.fromEntries(
    kept.map(([key, item]) => {
      // Literal values aren't schemas, and the order of required keys means nothing.
      if (!isMap && (key === "const" || key === "enum")) return [key, item];
      if (!isMap && key === "required" && Array.isArray(item)) return [key, [...(item as readonly string[])].sort()];
      return [key, strip(item, !isMap && mapKeywords.has(key))];
    }),
  );
}

const mapKeywords = new Set(["$defs", "errors", "patternProperties", "properties"]);
