import { micromark } from "micromark";
import type { CodePart, Inline, Text } from "./blocks.ts";

/** Texts of one contract's part of the page, or of the part that is before all contracts. */
export function textHtml(text: Text, contract: string | undefined): string {
  return text.map((part) => inlineHtml(part, contract)).join("");
}

export function inlineHtml(part: Inline, contract: string | undefined): string {
  if (typeof part === "string") return escape(part);
  switch (part.kind) {
    case "code":
      return `<code>${part.parts.map((each) => codeHtml(each, contract)).join("")}</code>`;
    case "link":
      return `<a href="#${escape(part.to.anchor)}">${breakable(part.text)}</a>`;
    case "strong":
      return `<strong>${escape(part.text)}</strong>`;
    case "prose":
      return proseHtml(part.markdown.replaceAll(/\s+/g, " ").trim()).replace(/^<p>([^]*)<\/p>$/, "$1");
  }
}

/** Where a contract is plain, its tasks needn't repeat it. */
function codeHtml(part: CodePart, contract: string | undefined): string {
  if (typeof part === "string") return breakable(part);
  const { text, to } = part;
  const isOwn = to.contract === contract && text.startsWith(`${contract}.`);
  return `<a href="#${escape(to.anchor)}">${breakable(isOwn ? text.slice(contract.length + 1) : text)}</a>`;
}

/** Within what folds up and down by a click there can't be links. */
export function withoutLinks(html: string): string {
  return html.replaceAll(/<\/?a\b[^>]*>/g, "");
}

/** An author's Markdown. Its HTML is shown, not obeyed; images would be loaded, and headings would upset the page's. */
export function proseHtml(markdown: string): string {
  const unwanted = ["labelStartImage", "headingAtx", "setextUnderline"];
  const html = micromark(markdown, { extensions: [{ disable: { null: unwanted } }] }).trim();
  // Between the words of an entity such as &quot; there is no place for a break.
  return html.replaceAll(/(?<=<code[^>]*>)[^<]+/g, (text) => wordsOf(text).join("<wbr>"));
}

/** Long names break between their words, not within. */
export function breakable(text: string): string {
  return wordsOf(text).map(escape).join("<wbr>");
}

/** What a name or a path may be broken into. */
export function wordsOf(text: string): readonly string[] {
  return text.split(/(?<=[._/@:-])(?=[\p{L}\d])|(?<=[\p{Ll}\d])(?=\p{Lu})/u);
}

export function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
