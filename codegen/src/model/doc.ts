/** The description in a JSDoc text: everything before its first tag. */
export function descriptionOf(text: string | undefined): string | undefined {
  const description = text?.split(/^@\w+/m)[0]?.trim();
  return description === "" ? undefined : description;
}

/** What `@deprecated` says: its reason, or true when it gives none. */
export function deprecationOf(text: string | undefined): string | true | undefined {
  const tag = /^@deprecated\b[ \t]*([\s\S]*?)(?=^@\w|(?![\s\S]))/m.exec(text ?? "");
  if (tag === null) return undefined;
  return (tag[1] ?? "").trim() === "" ? true : (tag[1] ?? "").trim();
}
