import { randomUUID } from "node:crypto";
import { isList, isObject } from "./unreadable.ts";

/** Stands in for an exact number while JSON is written or parsed. Nobody outside has ever seen it. */
const mark = `${randomUUID()}:`;
const marked = new RegExp(`"${mark}([^"]*)"`, "g");
const bare: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity: Infinity, "-Infinity": -Infinity };

/**
 * A number in JSON that JavaScript would write otherwise than it came: an integer beyond 2^53, `1.0`, which is no integer
 * to Python, `NaN`. What passes a message on writes it as it came; {@link readNumbers} is for everybody else.
 */
export class ExactNumber {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** A bigint where a number would be another one. */
  read(): number | bigint {
    const number = bare[this.#text] ?? Number(this.#text);
    // Longer ones take seconds to parse.
    return Number.isSafeInteger(number) || !/^-?\d{1,10000}$/.test(this.#text) ? number : BigInt(this.#text);
  }

  toJSON(): string {
    return mark + this.#text;
  }
}

/** The same text with exact numbers as JSON has them, for what `JSON.stringify` wrote. */
export function unmark(json: string): string {
  return json.includes(mark) ? json.replaceAll(marked, "$1") : json;
}

/** Most messages hold none of these, and are parsed in one go. Hexadecimal digits must rarely look like one. */
const suspicious = /\d{16}|\d\.0(?!\d)|\d[eE]\+|NaN|Infinity/;
const number = /-?(?:Infinity|(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)|NaN/g;

/** The document with its exact numbers marked, or undefined when it has none. */
export function markExact(text: string): string | undefined {
  if (!suspicious.test(text)) return undefined;
  let result = "";
  let found = false;
  const markOne = (token: string): string => {
    if (String(Number(token)) === token && !(token in bare)) return token;
    found = true;
    return `"${mark}${token}"`;
  };
  for (let from = 0; from < text.length;) {
    const quote = text.indexOf('"', from);
    result += (quote === -1 ? text.slice(from) : text.slice(from, quote)).replaceAll(number, markOne);
    if (quote === -1) break;
    const end = endOfString(text, quote);
    result += text.slice(quote, end);
    from = end;
  }
  return found ? result : undefined;
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

/** For `JSON.parse` of what {@link markExact} gave. */
export function reviveExact(key: string, value: unknown): unknown {
  // A number in place of a key is no JSON, marked or not.
  if (key.startsWith(mark)) throw new SyntaxError("A key must be a string.");
  return typeof value === "string" && value.startsWith(mark) ? new ExactNumber(value.slice(mark.length)) : value;
}

/** The same JSON with its numbers as JavaScript has them; the same reference where there is nothing to do. */
export function readNumbers(json: unknown): unknown {
  if (typeof json !== "object" || json === null) return json;
  if (json instanceof ExactNumber) return json.read();
  if (isList(json)) {
    let copy: unknown[] | undefined;
    for (let index = 0; index < json.length; index++) {
      const read = readNumbers(json[index]);
      if (copy === undefined && read !== json[index]) copy = json.slice(0, index);
      copy?.push(read);
    }
    return copy ?? json;
  }
  if (!isObject(json) || ArrayBuffer.isView(json)) return json;
  let changed: Map<string, unknown> | undefined;
  for (const key in json) {
    const item = json[key];
    if (typeof item !== "object" || item === null) continue;
    const read = readNumbers(item);
    if (read !== item) (changed ??= new Map<string, unknown>()).set(key, read);
  }
  // `fromEntries` defines own properties, even one called `__proto__`.
  return changed === undefined
    ? json
    : Object.fromEntries(Object.entries(json).map(([key, item]) => [key, changed.has(key) ? changed.get(key) : item]));
}
