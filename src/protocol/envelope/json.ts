import { markExact, reviveExact, unmark } from "./exact-number.ts";
import { maxDepth } from "./limits.ts";
import { isList, isObject, unreadable } from "./unreadable.ts";

/** @throws LigatureError `UNREADABLE` for what JSON can't hold: cycles, bigint, endless depth */
export function stringify(value: unknown, what: string): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw unreadable(what, `can't be written as JSON: ${error instanceof Error ? error.message : String(error)}`, error);
  }
  if (text === undefined) throw unreadable(what, "can't be written as JSON: it is undefined, a function or a symbol.");
  return unmark(text);
}

/**
 * Parses JSON as Python writes it: with bare `NaN`, `Infinity` and `-Infinity`, which `JSON.parse` refuses. What
 * JavaScript would write otherwise than it came is an `ExactNumber`, so that it can be passed on.
 * @throws LigatureError `UNREADABLE` when it is no JSON, or nests deeper than {@link maxDepth}
 */
export function parseExactJson(text: string, what: string): unknown {
  const value = parse(text, what);
  // Each level takes an opening and a closing bracket.
  if (text.length > 2 * maxDepth && isDeeper(value, maxDepth)) {
    throw unreadable(what, `nests deeper than ${maxDepth} levels.`);
  }
  return value;
}

function parse(text: string, what: string): unknown {
  const marked = markExact(text);
  if (marked !== undefined) {
    try {
      return JSON.parse(marked, reviveExact);
    } catch {
      // The error of the text itself tells more: this one speaks of a text that nobody sent.
    }
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(what, `is no JSON: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}

/** Whether parsed JSON has more than `levels` objects and arrays inside one another. Stops there, so it can't overflow. */
export function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  if (isObject(value)) {
    for (const key in value) {
      const item = value[key];
      if (typeof item === "object" && isDeeper(item, levels - 1)) return true;
    }
    return false;
  }
  if (isList(value)) for (const item of value) if (typeof item === "object" && isDeeper(item, levels - 1)) return true;
  return false;
}
