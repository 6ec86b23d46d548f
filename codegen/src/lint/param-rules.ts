import type { Manifest } from "../manifest/index.ts";
import type { JsonSchema, JsonValue } from "../model/json-schema.ts";
import type { Check } from "./lint-findings.ts";

export const unboundedParams: Check = (manifest, found, all) => {
  const results = new Set(all.flatMap(({ tasks }) => Object.values(tasks).map(({ returns }) => returns?.["$ref"])));
  const { contract, tasks } = manifest;
  for (const { key, params } of Object.values(tasks)) {
    for (const [index, { name, schema }] of params.entries()) {
      // What a parent task returned was made by a worker, not by whoever sends.
      if (index === 0 && schema["$ref"] !== undefined && results.has(schema["$ref"])) continue;
      const [first, ...others] = [...new Set(unbounded(schema, "", manifest, []))];
      if (first === undefined) continue;
      const more = others.length === 0 ? "" : ` and ${others.length} more place${others.length === 1 ? "" : "s"}`;
      const what = first === "" ? "It" : `${first}${more}`;
      found.add(
        "unbounded-param",
        { contract, task: key, within: "params", part: name },
        `${what} may be as long as a message, 16 MiB: one caller's mistake fills queues and workers' memory.`,
      );
    }
  }
};

/** Paths of strings, lists and records of any length. */
function unbounded(schema: JsonValue | undefined, path: string, manifest: Manifest, trail: readonly string[]): readonly string[] {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return [];
  const { $ref, type, ...rest } = schema as JsonSchema;
  const into = (part: JsonValue | undefined, at: string): readonly string[] => unbounded(part, at, manifest, trail);
  const inside = [
    ...["anyOf", "oneOf", "allOf", "prefixItems"].flatMap((keyword) =>
      ((rest[keyword] ?? []) as readonly JsonValue[]).flatMap((part) => into(part, path)),
    ),
    ...Object.entries((rest["properties"] ?? {}) as JsonSchema).flatMap(([name, part]) => into(part, `${path}.${name}`)),
    ...into(rest["items"], `${path}[]`),
    ...into(rest["additionalProperties"], `${path}{}`),
  ];
  if (typeof $ref === "string") {
    const name = $ref.replace("#/$defs/", "");
    if (!trail.includes(name)) inside.push(...unbounded(manifest.$defs[name], path, manifest, [...trail, name]));
  }
  return isUnbounded(schema as JsonSchema, ([] as readonly JsonValue[]).concat(type ?? [])) ? [path, ...inside] : inside;
}

function isUnbounded(schema: JsonSchema, types: readonly JsonValue[]): boolean {
  const has = (...keywords: readonly string[]): boolean => keywords.some((keyword) => schema[keyword] !== undefined);
  // A format or a pattern is taken as somebody's having thought about it; so is a special type such as a Date.
  if (types.includes("string")) return !has("maxLength", "format", "pattern", "const", "enum", "x-type");
  return types.includes("array") && schema["items"] !== undefined && schema["items"] !== false && !has("maxItems");
}
