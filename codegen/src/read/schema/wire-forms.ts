import type { JsonSchema } from "../../model/json-schema.ts";

/** Classes whose instances superjson can carry, and whose types every TypeScript project knows. */
const carried: ReadonlySet<string> = new Set([
  "Date",
  "Error",
  "Float32Array",
  "Float64Array",
  "Int16Array",
  "Int32Array",
  "Int8Array",
  "RegExp",
  "URL",
  "Uint16Array",
  "Uint32Array",
  "Uint8Array",
  "Uint8ClampedArray",
]);

export function isCarried(className: string): boolean {
  return carried.has(className);
}

/** What superjson makes of a value that JSON has no words for, where its plain part stands; `x-type` says what it is. */
export function wireFormOf(type: string): JsonSchema {
  switch (type) {
    case "Date":
      return { type: "string", format: "date-time", "x-type": "Date" };
    case "bigint":
      return { type: "string", pattern: "^-?\\d+$", "x-type": "bigint" };
    case "undefined":
      return { type: "null", "x-type": "undefined" };
    case "nan":
      return { const: "NaN", "x-type": "number" };
    case "Error":
      return { type: "object", "x-type": "Error" };
    default:
      return type.endsWith("Array")
        ? { type: "array", items: { type: "number" }, "x-type": type }
        : { type: "string", "x-type": type };
  }
}

/** A schema that takes nothing, too; the same one if it does already. */
export function orUndefined(json: JsonSchema): JsonSchema {
  const members =
    Array.isArray(json["anyOf"]) && Object.keys(json).length === 1 ? (json["anyOf"] as readonly JsonSchema[]) : [json];
  const nothing = wireFormOf("undefined");
  // `{}` takes everything; what an enum says of `undefined`, it says beside it.
  if (Object.keys(json).length === 0 || members.some((each) => each["x-type"] === nothing["x-type"])) return json;
  return { anyOf: [...members, nothing] };
}
