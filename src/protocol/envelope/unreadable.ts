import { LigatureError } from "../../errors/index.ts";

/** The error of everything that can't be written to or read from the wire. `part` names the place, as `embed.chain[0].args`. */
export function unreadable(part: string, problem: string, cause?: unknown): LigatureError {
  return new LigatureError("UNREADABLE", `${part} ${problem}`, {
    details: { part },
    ...(cause !== undefined && { cause }),
  });
}

/** The kind of a value, for an error message: never its content. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `Array.isArray` without its `any`. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
