import { micromark } from "micromark";
import type { Block, Inline, Text } from "./blocks.ts";
import { style } from "./style.ts";

/** One page that needs nothing else: no script, no font, no image. */
export function toHtml(title: string, header: string, sections: readonly Section[]): string {
  const contents = sections.map(({ blocks }) => contentsOf(blocks)).join("\n");
  const main = sections.map(
    ({ blocks }) =>
      `<section>\n${blocks
        .map(blockHtml)
        .filter((each) => each !== "")
        .join("\n")}\n</section>`,
  );
  return `<!doctype html>
<!-- ${header} -->
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escape(title)}</title>
<style>
${style}</style>
</head>
<body>
<nav aria-label="Contents">
<ul>
${contents}
</ul>
</nav>
<main>
${main.join("\n")}
</main>
</body>
</html>
`;
}

export interface Section {
  readonly blocks: readonly Block[];
}

/** Headings with an anchor, contracts with their tasks inside; types would be too many. */
function contentsOf(blocks: readonly Block[]): string {
  const headings = blocks.filter((block) => block.kind === "heading");
  const [first] = headings;
  const entry = ({ text, anchor }: { readonly text: string; readonly anchor?: string }): string =>
    `<a href="#${escape(anchor ?? "")}">${escape(text)}</a>`;
  if (first?.level === 1) return `<li><a href="#">${escape(first.text)}</a></li>`;
  const tasks = headings.filter(({ level, anchor }) => level === 3 && anchor !== undefined);
  const inside = tasks.map((each) => `<li>${entry(each)}</li>`).join("\n");
  return first === undefined ? "" : `<li>${entry(first)}\n<ul>\n${inside}\n</ul></li>`;
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case "heading": {
      const id = block.anchor === undefined ? "" : ` id="${escape(block.anchor)}"`;
      return `<h${block.level}${id}>${escape(block.text)}</h${block.level}>`;
    }
    case "prose":
      return prose(block.markdown);
    case "text":
      return `<p>${textHtml(block.text)}</p>`;
    case "signature":
      return `<pre>${inlineHtml({ kind: "code", parts: block.parts })}</pre>`;
    case "list":
      return `<ul>\n${block.items.map((item) => `<li>${textHtml(item)}</li>`).join("\n")}\n</ul>`;
    case "table":
      return tableHtml(block);
    case "graph":
      // The table beside it says the same.
      return "";
  }
}

function tableHtml({ head, rows }: Extract<Block, { kind: "table" }>): string {
  const cells = (tag: string, texts: readonly string[]): string => texts.map((text) => `<${tag}>${text}</${tag}>`).join("");
  const body = rows.map((row) => `<tr>${cells("td", row.map(textHtml))}</tr>`).join("\n");
  return `<div class="table"><table>\n<thead><tr>${cells("th", head.map(escape))}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table></div>`;
}

function textHtml(text: Text): string {
  return text.map(inlineHtml).join("");
}

function inlineHtml(part: Inline): string {
  if (typeof part === "string") return escape(part);
  switch (part.kind) {
    case "code": {
      const parts = part.parts.map((each) =>
        typeof each === "string" ? escape(each) : `<a href="#${escape(each.to.anchor)}">${escape(each.text)}</a>`,
      );
      return `<code>${parts.join("")}</code>`;
    }
    case "link":
      return `<a href="#${escape(part.to.anchor)}">${escape(part.text)}</a>`;
    case "strong":
      return `<strong>${escape(part.text)}</strong>`;
    case "prose":
      return prose(part.markdown.replaceAll(/\s+/g, " ").trim()).replace(/^<p>([^]*)<\/p>$/, "$1");
  }
}

/** An author's Markdown. Its HTML is shown, not obeyed; images would be loaded, and headings would upset the page's. */
function prose(markdown: string): string {
  const unwanted = ["labelStartImage", "headingAtx", "setextUnderline"];
  return micromark(markdown, { extensions: [{ disable: { null: unwanted } }] }).trim();
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
