import type { JsonValue } from "../model/json-schema.ts";
import { anything, named, none, union, type PythonType } from "./type-expression.ts";

/** The type of some values of JSON. */
export function literalType(values: readonly JsonValue[]): PythonType {
  return union(values.map(typeOfValue));
}

function typeOfValue(value: JsonValue): PythonType {
  switch (typeof value) {
    case "string":
      return { kind: "literal", values: [pythonString(value)] };
    case "boolean":
      return { kind: "literal", values: [value ? "True" : "False"] };
    case "number":
      // Python has no literal types of numbers with a fraction.
      return Number.isSafeInteger(value) ? { kind: "literal", values: [String(value)] } : named("float");
    default:
      return value === null ? none : anything;
  }
}

/** JSON's escapes are Python's too. */
export function pythonString(text: string): string {
  return JSON.stringify(text);
}

/** A value of JSON as Python writes it. */
export function pythonValue(value: JsonValue): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return pythonString(value);
  if (Array.isArray(value)) return `[${value.map((item: JsonValue) => pythonValue(item)).join(", ")}]`;
  const entries = Object.entries(value as { readonly [key: string]: JsonValue });
  return `{${entries.map(([key, item]) => `${pythonString(key)}: ${pythonValue(item)}`).join(", ")}}`;
}
