/** A JSDoc comment, one line where it fits, ready to stand before what it documents; empty without text. */
export function docComment(text: string | undefined, indent: string): string {
  if (text === undefined || text === "") return "";
  // A description from code may hold what would end the comment.
  const lines = text.replaceAll("*/", "*\\/").split("\n");
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} *${line === "" ? "" : ` ${line}`}\n`).join("")}${indent} */\n`;
}

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
