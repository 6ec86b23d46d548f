/** A JSDoc comment, one line where it fits, ready to stand before what it documents; empty without text. */
export function docComment(text: string | undefined, indent: string): string {
  if (text === undefined || text === "") return "";
  // A description from code may hold what would end the comment.
  const lines = text.replaceAll("*/", "*\\/").split("\n");
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} *${line === "" ? "" : ` ${line}`}\n`).join("")}${indent} */\n`;
}
