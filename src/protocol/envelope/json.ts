import { randomUUID } from "node:crypto";
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
  return text;
}

/**
 * Parses JSON as Python writes it: with bare `NaN`, `Infinity` and `-Infinity`, which `JSON.parse` refuses.
 * @throws LigatureError `UNREADABLE` when it is no JSON, or nests deeper than {@link maxDepth}
 */
export function parseJson(text: string, what: string): unknown {
  const value = parse(text, what);
  // Each level takes an opening and a closing bracket.
  if (text.length > 2 * maxDepth && isDeeper(value, maxDepth)) {
    throw unreadable(what, `nests deeper than ${maxDepth} levels.`);
  }
  return value;
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const tolerant = withoutBareNumbers(text);
    if (tolerant !== undefined) {
      try {
        return JSON.parse(tolerant.text, (_key, value: unknown) => (value === tolerant.nan ? Number.NaN : value));
      } catch {
        // The first error tells more: the second speaks of a text that nobody sent.
      }
    }
    throw unreadable(what, `is no JSON: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}

/**
 * The same document without bare numbers: the infinities as numbers too large for a double, which `JSON.parse`
 * reads as infinite; NaN as a string that nobody can have foreseen. Undefined when there are none.
 */
function withoutBareNumbers(text: string): { readonly text: string; readonly nan: string } | undefined {
  if (!text.includes("NaN") && !text.includes("Infinity")) return undefined;
  const nan = randomUUID();
  let result = "";
  for (let from = 0; from < text.length;) {
    const quote = text.indexOf('"', from);
    const outside = quote === -1 ? text.slice(from) : text.slice(from, quote);
    result += outside.replace(/-?Infinity|NaN/g, (bare) => (bare === "NaN" ? `"${nan}"` : bare[0] === "-" ? "-1e999" : "1e999"));
    if (quote === -1) break;
    const end = endOfString(text, quote);
    result += text.slice(quote, end);
    from = end;
  }
  return { text: result, nan };
}

/** The index behind the closing quote of the string that starts at `quote`. */
function endOfString(text: string, quote: number): number {
  for (let end = text.indexOf('"', quote + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === "\\") slashes++;
    if (slashes % 2 === 0) return end + 1;
  }
  return text.length;
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
