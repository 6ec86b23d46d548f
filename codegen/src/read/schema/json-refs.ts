import type { JsonSchema, JsonValue } from "../../model/json-schema.ts";

/** What the name of a definition ends with that stands for a schema's input. */
export const inputSuffix = ".input";

/** How zod calls what contains itself and has no name of ours: only z.json() may, for the walk refuses all others. */
export const unnamed: RegExp = /^__schema\d+$/;

/** What z.json() takes: any value, if it is one of JSON's own. */
export const anyJson: JsonSchema = { "x-json": true };

/** Any value of JSON fits z.json(). */
export function anyForUnnamed(json: JsonValue): JsonValue {
  if (Array.isArray(json)) return json.map((item: JsonValue) => anyForUnnamed(item));
  if (typeof json !== "object" || json === null) return json;
  const leadsNowhere = (key: string, value: JsonValue): boolean =>
    key === "$ref" && typeof value === "string" && unnamed.test(value.replace("#/$defs/", ""));
  const entries = Object.entries(json).flatMap(([key, value]) =>
    leadsNowhere(key, value) ? Object.entries(anyJson) : [[key, anyForUnnamed(value)] as const],
  );
  return Object.fromEntries(entries);
}

/** References to the inputs of the given names become references to the names. */
export function renameRefs(json: JsonValue, names: ReadonlySet<string>): JsonValue {
  if (Array.isArray(json)) return json.map((item: JsonValue) => renameRefs(item, names));
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => {
      if (key !== "$ref" || typeof value !== "string") return [key, renameRefs(value, names)];
      const name = value.replace("#/$defs/", "").replace(/\.input$/, "");
      return [key, names.has(name) ? `#/$defs/${name}` : value];
    }),
  );
}
