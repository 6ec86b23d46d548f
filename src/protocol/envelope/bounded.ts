import { stringify } from "./json.ts";

/**
 * At most `length` characters, the last of them saying that there were more. Halves of surrogate pairs, which cutting
 * can leave, are replaced: Python can hold such a string but not print it.
 */
export function bounded(text: string, length: number): string {
  return (text.length > length ? `${text.slice(0, length - 1)}…` : text).replaceAll(/\p{Cs}/gu, "\ufffd");
}

/** JSON of at most `length` characters, or undefined: for what is shown, and better left out than failed over. */
export function boundedJson(value: unknown, length: number): string | undefined {
  try {
    const text = stringify(value, "It");
    return text.length <= length ? text : undefined;
  } catch {
    return undefined;
  }
}
