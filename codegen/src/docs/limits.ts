import type { JsonSchema } from "../model/json-schema.ts";

export { durationText } from "../model/duration-text.ts";

/** What a schema demands beyond its type, in words; empty when that is nothing. */
export function limitsOf(schema: JsonSchema): string {
  const words = [
    ...range(schema["minLength"], schema["maxLength"], "character"),
    ...range(schema["minItems"], schema["maxItems"], "item", schema["prefixItems"] !== undefined),
    ...numbers(schema),
    ...(typeof schema["multipleOf"] === "number" ? [`a multiple of ${schema["multipleOf"]}`] : []),
    // What a Date is, its type says.
    ...(typeof schema["format"] === "string" && schema["x-type"] === undefined ? [`format ${schema["format"]}`] : []),
    ...(typeof schema["pattern"] === "string" && schema["x-type"] === undefined && schema["format"] === undefined
      ? [`matches \`${schema["pattern"].replaceAll("`", "'")}\``]
      : []),
  ];
  const text = words.join(", ");
  return text === "" ? "" : `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

function range(least: unknown, most: unknown, what: string, isFixed = false): readonly string[] {
  const min = typeof least === "number" && least > 0 ? least : undefined;
  const max = typeof most === "number" ? most : undefined;
  if (isFixed || (min === undefined && max === undefined)) return [];
  if (min === max) return [counted(min ?? 0, what)];
  if (max === undefined) return [`at least ${counted(min ?? 0, what)}`];
  return [min === undefined ? `at most ${counted(max, what)}` : `${min} to ${counted(max, what)}`];
}

/** Bounds of what is safe as an integer are no bounds that anybody set. */
function numbers({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): readonly string[] {
  const isSet = (value: unknown): value is number => typeof value === "number" && Math.abs(value) < Number.MAX_SAFE_INTEGER;
  if (isSet(minimum) && isSet(maximum)) return [`${minimum} to ${maximum}`];
  return [
    ...(isSet(minimum) ? [`at least ${minimum}`] : []),
    ...(isSet(exclusiveMinimum) ? [`more than ${exclusiveMinimum}`] : []),
    ...(isSet(maximum) ? [`at most ${maximum}`] : []),
    ...(isSet(exclusiveMaximum) ? [`less than ${exclusiveMaximum}`] : []),
  ];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
