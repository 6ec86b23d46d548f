import { shortHash } from "./hash.ts";
import type { JsonSchema, JsonValue } from "./json-schema.ts";

/** What two services must agree on for a task's messages to be understood. */
export interface WireShape {
  readonly name: string;
  readonly params: readonly { readonly name: string; readonly optional: boolean; readonly json: JsonSchema }[];
  readonly returns: JsonSchema | null;
  readonly errors: readonly { readonly name: string; readonly json: JsonSchema }[];
  readonly progress: JsonSchema | null;
}

/**
 * Keywords that say nothing about which values fit: documentation, and a default, which is applied by
 * whoever receives the value. Of Ligature's own keywords only `x-type` counts (docs/decisions/0026).
 */
const unimportant: ReadonlySet<string> = new Set([
  "$comment",
  "default",
  "deprecated",
  "description",
  "examples",
  "id",
  "readOnly",
  "title",
  "writeOnly",
  "x-default",
]);

/** Marks a reference back in the text; JSON would escape it. */
const circle = "\u0001";

/** Keywords whose keys are names that the user chose. */
const namesInside: ReadonlySet<string> = new Set(["$defs", "patternProperties", "properties"]);

/**
 * Makes fingerprints of the tasks of one contract. A fingerprint covers the wire name; each parameter's name,
 * place, optionality and accepted values; the values of result, errors and progress. It leaves out what may
 * differ between two builds that understand each other: names of types, documentation, and everything about
 * delivery (queue, retry, time limits, priority), which only one side acts on or which is checked elsewhere.
 */
export class Fingerprints {
  readonly #definitions: Readonly<Record<string, JsonSchema>>;
  /** Texts of the definitions that contain no circle: those are the same wherever they stand. */
  readonly #known = new Map<string, string>();

  constructor(definitions: Readonly<Record<string, JsonSchema>>) {
    this.#definitions = definitions;
  }

  of({ name, params, returns, errors, progress }: WireShape): string {
    const parts = [
      name,
      ...params.map((param) => `${param.name}${param.optional ? "?" : ""}: ${this.#text(param.json, [])}`),
      `returns: ${returns === null ? "nothing" : this.#text(returns, [])}`,
      ...[...errors]
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map((error) => `throws ${error.name}: ${this.#text(error.json, [])}`),
      `progress: ${progress === null ? "none" : this.#text(progress, [])}`,
    ];
    return shortHash(parts.join("\n"));
  }

  /**
   * A schema as text that is equal for equal meaning: keys in order, unimportant ones left out, references
   * replaced by what they stand for. In a circle, a reference becomes the number of names that it lies back.
   */
  #text(value: JsonValue, trail: readonly string[]): string {
    if (Array.isArray(value)) return `[${value.map((item: JsonValue) => this.#text(item, trail)).join()}]`;
    if (typeof value !== "object" || value === null) return JSON.stringify(value);
    const { $ref, ...others } = value as JsonSchema;
    const parts = Object.keys(others)
      .filter((key) => !unimportant.has(key) && (key === "x-type" || !key.startsWith("x-")))
      .sort()
      .map((key) => `${key}:${this.#keyword(key, others[key] ?? null, trail)}`);
    if (typeof $ref === "string") parts.push(this.#reference($ref, trail));
    return `{${parts.join()}}`;
  }

  #keyword(key: string, value: JsonValue, trail: readonly string[]): string {
    // Literal values aren't schemas, and the order of required keys means nothing.
    if (key === "const" || key === "enum") return JSON.stringify(value);
    if (key === "required" && Array.isArray(value)) return JSON.stringify([...(value as readonly string[])].sort());
    if (!namesInside.has(key) || typeof value !== "object" || value === null) return this.#text(value, trail);
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([name, schema]) => `${JSON.stringify(name)}:${this.#text(schema, trail)}`).join()}}`;
  }

  #reference($ref: string, trail: readonly string[]): string {
    const name = $ref.replace("#/$defs/", "");
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const definition = this.#definitions[name];
    const back = trail.indexOf(name);
    if (definition === undefined || back >= 0) return `${circle}${back}`;
    // Without its braces: a reference with something beside it is the same as the two written together.
    const text = this.#text(definition, [name, ...trail]).slice(1, -1);
    if (!text.includes(circle)) this.#known.set(name, text);
    return text;
  }
}
