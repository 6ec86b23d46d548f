/** At most `length` characters, the last of them saying that there were more. */
export function bounded(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

/** JSON of at most `length` characters, or undefined: for what is shown, and better left out than failed over. */
export function boundedJson(value: unknown, length: number): string | undefined {
  try {
    const text = JSON.stringify(value);
    return text !== undefined && text.length <= length ? text : undefined;
  } catch {
    return undefined;
  }
}
