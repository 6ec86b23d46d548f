import {
  code,
  type Block,
  type CodePart,
  type GraphNode,
  type Inline,
  type Target,
  type Text,
  type ValuesBlock,
} from "./blocks.ts";
import { textOf } from "./schema-code.ts";

/** How a page refers to a place: by its own anchors, or by the file of the contract. */
export type Href = (target: Target) => string;

/** Blocks as a page of Markdown, as GitHub shows it; the first heading is the page's. */
export function toMarkdown(blocks: readonly Block[], href: Href): string {
  const top = Math.min(...blocks.map((block) => (block.kind === "heading" ? block.level : 4)));
  return `${blocksText(blocks, href, top - 1)}\n`;
}

function blocksText(blocks: readonly Block[], href: Href, shift: number): string {
  return blocks.map((block) => blockText(block, href, shift)).join("\n\n");
}

function blockText(block: Block, href: Href, shift: number): string {
  switch (block.kind) {
    case "heading":
      return headingText(block.level - shift, block.text, block.anchor);
    case "entry":
      return `${headingText(block.level - shift, block.name, block.anchor)}\n\n${blocksText(block.blocks, href, shift)}`;
    case "prose":
      return withoutHtml(block.markdown);
    case "text":
      return lineText(block.text, href);
    case "labelled":
      return lineText([{ kind: "strong", text: block.label }, " ", ...block.text], href);
    case "signature":
      return `\`\`\`ts\n${textOf(block.parts)}\n\`\`\``;
    case "list":
      return block.items.map((item) => `- ${lineText(item, href)}`).join("\n");
    case "table":
      return tableText(block.head, block.rows, href);
    case "values":
      return valuesText(block, href);
    case "facts":
      return tableText(
        [block.title, "Setting"],
        block.rows.map(([what, text]) => [[what], text]),
        href,
      );
    case "graph":
      return graphText(block);
  }
}

function headingText(level: number, text: string, anchor: string | undefined): string {
  const heading = `${"#".repeat(level)} ${escaped(text)}`;
  return anchor === undefined ? heading : `<a id="${anchor}"></a>\n\n${heading}`;
}

function tableText(head: readonly string[], rows: readonly (readonly Text[])[], href: Href): string {
  return [row(head), row(head.map(() => "---")), ...rows.map((cells) => row(cells.map((cell) => cellText(cell, href))))].join(
    "\n",
  );
}

function valuesText({ head, rows }: ValuesBlock, href: Href): string {
  const hasDefaults = rows.some((each) => each.default !== undefined);
  return tableText(
    [...head, ...(hasDefaults ? ["Default"] : []), "Description"],
    rows.map((each) => [
      [code(`${each.name}${each.isOptional ? "?" : ""}`)],
      [each.type],
      ...(hasDefaults ? [each.default === undefined ? [] : [code(each.default)]] : []),
      each.description,
    ]),
    href,
  );
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

/** Services as boxes, with their tasks in them; what follows a failure is dotted. */
function graphText({ nodes, edges }: Extract<Block, { kind: "graph" }>): string {
  const quoted = (text: string): string => `"${text.replaceAll("#", "#35;").replaceAll('"', "#quot;").replaceAll("<", "#lt;")}"`;
  const idOf = new Map(nodes.map(({ name }, index) => [name, `t${index}`]));
  const line = ({ name, short }: GraphNode): string => `  ${idOf.get(name)}[${quoted(short)}]`;
  const services = [...new Set(nodes.flatMap(({ service }) => service ?? []))].sort();
  return [
    "```mermaid",
    "flowchart LR",
    ...services.flatMap((service, index) => [
      `  subgraph s${index}[${quoted(service)}]`,
      ...nodes.filter((node) => node.service === service).map((node) => `  ${line(node)}`),
      "  end",
    ]),
    ...nodes.filter(({ service }) => service === undefined).map(line),
    ...edges.map(({ from, to, kind, label }) => {
      const arrow = kind === "linkError" ? `-. ${label} .->` : `-- ${label} -->`;
      return `  ${idOf.get(from)} ${arrow} ${idOf.get(to)}`;
    }),
    "```",
  ].join("\n");
}
