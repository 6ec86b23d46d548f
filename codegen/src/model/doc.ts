/** The description in a JSDoc text: everything before its first tag, links as plain text. */
export function descriptionOf(text: string | undefined): string | undefined {
  const description = text?.split(/^@\w+/m)[0]?.trim();
  return description === undefined || description === "" ? undefined : replaceLinks(description, () => undefined);
}

/** What `@deprecated` says: its reason, or true when it gives none. */
export function deprecationOf(text: string | undefined): string | true | undefined {
  const tag = /^@deprecated\b[ \t]*([\s\S]*?)(?=^@\w|(?![\s\S]))/m.exec(text ?? "");
  if (tag === null) return undefined;
  const reason = (tag[1] ?? "").trim();
  return reason === "" ? true : replaceLinks(reason, () => undefined);
}

/** What `@param name` says of a parameter, links as plain text. */
export function paramDescriptionOf(text: string | undefined, name: string): string | undefined {
  const description = new RegExp(`${paramTag(name)}[ \\t]*(?:-[ \\t]*)?([\\s\\S]*?)(?=^@\\w|(?![\\s\\S]))`, "m")
    .exec(text ?? "")?.[1]
    ?.trim();
  return description === undefined || description === "" ? undefined : replaceLinks(description, () => undefined);
}

/** As a pattern for the beginning of a line: JSDoc may put a type in braces, and an optional parameter in brackets. */
function paramTag(name: string): string {
  return `^@param\\s+(?:\\{.*?\\}\\s*)?\\[?${name.replaceAll("$", "\\$")}(?![\\w$])\\]?`;
}

/** The same text with `@param` lines for parameters that have documentation of their own and none there. */
export function withParams(
  text: string | undefined,
  params: readonly { readonly name: string; readonly doc: string | undefined }[],
): string | undefined {
  const lines = params.flatMap(({ name, doc }) => {
    const description = descriptionOf(doc);
    const isDocumented = new RegExp(paramTag(name), "m").test(text ?? "");
    return description === undefined || isDocumented ? [] : [`@param ${name} ${description}`];
  });
  if (lines.length === 0) return text;
  // Before the other tags: an example may be long, and is read last.
  const own = (text ?? "").split("\n");
  const other = own.findIndex((line) => /^@(?!param\b)\w/.test(line));
  const at = other < 0 ? own.length : other;
  return [...own.slice(0, at), ...lines, ...own.slice(at)].filter((line, index) => line !== "" || index > 0).join("\n");
}

/**
 * A JSDoc text with every `{@link name}` that `targetOf` knows leading there, and every other one as plain text:
 * nobody can follow a link to what isn't there.
 */
export function replaceLinks(text: string, targetOf: (name: string) => string | undefined): string {
  return text.replaceAll(linkTag, (_, tag: string, name: string, label: string) => {
    const shown = label.replace(/^\s*\|?\s*/, "").trim();
    const target = targetOf(name);
    if (target === undefined) {
      const plain = shown === "" ? name : shown;
      return tag === "linkcode" ? `\`${plain}\`` : plain;
    }
    if (shown === "" && target === name) return `{@${tag} ${name}}`;
    return `{@${tag} ${target} | ${shown === "" ? name : shown}}`;
  });
}

const linkTag = /\{@(link|linkcode|linkplain)\s+([^\s|}]+)([^}]*)\}/g;
