import type { Block, CodePart, Inline, Target, Text } from "./blocks.ts";
import { textOf } from "./schema-code.ts";

/** How a page refers to a place: by its own anchors, or by the file of the contract. */
export type Href = (target: Target) => string;

/** Blocks as a page of Markdown, as GitHub shows it; the first heading is the page's. */
export function toMarkdown(blocks: readonly Block[], href: Href): string {
  const top = Math.min(...blocks.map((block) => (block.kind === "heading" ? block.level : 4)));
  return `${blocks.map((block) => blockText(block, href, top - 1)).join("\n\n")}\n`;
}

function blockText(block: Block, href: Href, shift: number): string {
  switch (block.kind) {
    case "heading": {
      const heading = `${"#".repeat(block.level - shift)} ${escaped(block.text)}`;
      return block.anchor === undefined ? heading : `<a id="${block.anchor}"></a>\n\n${heading}`;
    }
    case "prose":
      return withoutHtml(block.markdown);
    case "text":
      return lineText(block.text, href);
    case "signature":
      return `\`\`\`ts\n${textOf(block.parts)}\n\`\`\``;
    case "list":
      return block.items.map((item) => `- ${lineText(item, href)}`).join("\n");
    case "table":
      return [
        row(block.head),
        row(block.head.map(() => "---")),
        ...block.rows.map((cells) => row(cells.map((cell) => cellText(cell, href)))),
      ].join("\n");
    case "graph":
      return graphText(block.edges);
  }
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function cellText(text: Text, href: Href): string {
  // Inside of a table even code needs its bars escaped.
  return lineText(text, href).replaceAll(/\\?\|/g, "\\|");
}

function lineText(text: Text, href: Href): string {
  return text.map((part) => inlineText(part, href)).join("");
}

function inlineText(part: Inline, href: Href): string {
  if (typeof part === "string") return escaped(part);
  switch (part.kind) {
    case "code":
      return codeText(part.parts, href);
    case "link":
      return `[${escaped(part.text)}](${href(part.to)})`;
    case "strong":
      return `**${escaped(part.text)}**`;
    case "prose":
      return withoutHtml(part.markdown.replaceAll(/\s+/g, " ").trim());
  }
}

/** Code can't hold links: where it names one thing, all of it leads there. */
function codeText(parts: readonly CodePart[], href: Href): string {
  const targets = new Set(parts.flatMap((part) => (typeof part === "string" ? [] : [href(part.to)])));
  const text = fenced(textOf(parts));
  const [only] = targets;
  return targets.size === 1 && only !== undefined ? `[${text}](${only})` : text;
}

function fenced(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  const space = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${space}${text.replaceAll(/\s+/g, " ")}${space}${fence}`;
}

/** Plain words: nothing in them means anything to Markdown. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>&#|~]/g, (letter) => (letter === "<" ? "&lt;" : letter === "&" ? "&amp;" : `\\${letter}`));
}

/** An author's Markdown, in which `Map<string>` isn't taken for HTML, and a line isn't taken for a heading of the page. */
function withoutHtml(markdown: string): string {
  return markdown
    .split(/(^```[^]*?^```|`+[^`]*`+)/m)
    .map((part, index) =>
      index % 2 === 1 ? part : part.replaceAll("<", "&lt;").replaceAll(/^(\s*)(#+\s|=+\s*$|-+\s*$)/gm, "$1\\$2"),
    )
    .join("");
}

function graphText(edges: Extract<Block, { kind: "graph" }>["edges"]): string {
  const names = [...new Set(edges.flatMap(({ from, to }) => [from, to]))].sort();
  const quoted = (text: string): string => `"${text.replaceAll("#", "#35;").replaceAll('"', "#quot;").replaceAll("<", "#lt;")}"`;
  return [
    "```mermaid",
    "flowchart LR",
    ...names.map((name, index) => `  t${index}[${quoted(name)}]`),
    ...edges.map(({ from, to, label }) => `  t${names.indexOf(from)} -- ${label} --> t${names.indexOf(to)}`),
    "```",
  ].join("\n");
}
