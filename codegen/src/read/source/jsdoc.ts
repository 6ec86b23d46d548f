import { ts } from "ts-morph";

/** The text of the JSDoc comment right before a node, without its stars; undefined when there is none. */
export function jsDocOf(node: ts.Node): string | undefined {
  const file = node.getSourceFile();
  const start = node.getFullStart();
  const lineAt = (position: number): number => file.getLineAndCharacterOfPosition(position).line;
  // For the parser, what stands right behind the token before belongs to that; on the node's own line it doesn't.
  const inline = (ts.getTrailingCommentRanges(file.text, start) ?? []).filter(
    ({ end }) => lineAt(end) === lineAt(node.getStart(file)),
  );
  const comments = [...inline, ...(ts.getLeadingCommentRanges(file.text, start) ?? [])];
  const last = comments.findLast((each) => file.text.startsWith("/**", each.pos) && each.end - each.pos > "/**/".length);
  if (last === undefined) return undefined;
  const lines = file.text
    .slice(last.pos + "/**".length, last.end - "*/".length)
    .split(/\r?\n/)
    .map((line) => line.replace(/^\s*\* ?/, "").trimEnd());
  // The first line stands behind the opening, so it has no star of its own.
  if (lines[0] !== undefined) lines[0] = lines[0].trimStart();
  const text = lines.join("\n").replace(/^\n+|\s+$/g, "");
  return text === "" ? undefined : text;
}
