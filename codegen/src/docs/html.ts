import { createHash } from "node:crypto";
import type { Block } from "./blocks.ts";
import { blocksHtml } from "./html-blocks.ts";
import { breakable, escape } from "./html-text.ts";
import { script } from "./script.ts";
import { style } from "./style.ts";

export interface Section {
  /** Undefined for what is before all contracts. */
  readonly contract?: string;
  readonly blocks: readonly Block[];
}

/** One page that needs nothing else: no font, no image, and no script but its own, without which all but the filter works. */
export function toHtml(title: string, header: string, sections: readonly Section[]): string {
  const main = sections.map(
    ({ contract, blocks }) =>
      `<section class="${contract === undefined ? "overview" : "contract"}">\n${blocksHtml(blocks, contract)}\n</section>`,
  );
  const tasks = sections.flatMap(({ blocks }) => blocks.filter((block) => block.kind === "entry" && block.of === "task")).length;
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${sha256(script)}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<!-- ${header} -->
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escape(title)}</title>
<style>
${style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header>
<a class="brand" href="#main">${breakable(title)}</a>
<div class="filter" role="search" hidden>
<label for="filter">Filter tasks</label>
<input id="filter" type="search" placeholder="Filter tasks" aria-keyshortcuts="/" autocomplete="off" spellcheck="false"><kbd aria-hidden="true">/</kbd>
<p><span id="count" role="status">${tasks} task${tasks === 1 ? "" : "s"}</span> <button id="fold" type="button">Open all</button></p>
</div>
<nav aria-label="Contents">
<ul>
${sections.flatMap(contentsOf).join("\n")}
</ul>
</nav>
</header>
<main id="main" tabindex="-1">
${main.join("\n")}
<p id="nothing" hidden>No task has all of these words.</p>
</main>
<script>${script}</script>
</body>
</html>
`;
}

/** Contracts, with how many tasks they have, and the parts that are before them; tasks would be too many. */
function contentsOf({ contract, blocks }: Section): readonly string[] {
  const tasks = blocks.filter((block) => block.kind === "entry" && block.of === "task").length;
  const count = contract === undefined ? "" : ` <span>${tasks}</span>`;
  return blocks.flatMap((block) =>
    block.kind === "heading" && block.level === 2 && block.anchor !== undefined
      ? [`<li><a href="#${escape(block.anchor)}">${breakable(block.text)}${count}</a></li>`]
      : [],
  );
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}
