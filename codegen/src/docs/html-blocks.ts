import { code, type Block, type EntryBlock, type TableBlock, type Text, type ValueRow, type ValuesBlock } from "./blocks.ts";
import { breakable, escape, inlineHtml, proseHtml, textHtml, withoutLinks } from "./html-text.ts";
import { picture } from "./links-picture.ts";

/** Blocks of one contract, or of what is before all contracts. */
export function blocksHtml(blocks: readonly Block[], contract: string | undefined): string {
  const parts = blocks.map((block) => ({ isEntry: block.kind === "entry", html: blockHtml(block, contract) }));
  return parts
    .filter(({ html }) => html !== "")
    .map(({ isEntry, html }, index, all) => {
      const begins = isEntry && all[index - 1]?.isEntry !== true;
      const ends = isEntry && all[index + 1]?.isEntry !== true;
      return `${begins ? '<div class="entries">\n' : ""}${html}${ends ? "\n</div>" : ""}`;
    })
    .join("\n");
}

function blockHtml(block: Block, contract: string | undefined): string {
  switch (block.kind) {
    case "heading": {
      const id = block.anchor === undefined ? "" : ` id="${escape(block.anchor)}"`;
      return `<h${block.level}${id}>${breakable(block.text)}</h${block.level}>`;
    }
    case "entry":
      return entryHtml(block, contract);
    case "prose":
      return `<div class="prose">${proseHtml(block.markdown)}</div>`;
    case "text":
      return `<p>${textHtml(block.text, contract)}</p>`;
    case "labelled":
      return `${title(block.label)}<p>${textHtml(block.text, contract)}</p>`;
    case "signature":
      return `<pre>${inlineHtml({ kind: "code", parts: block.parts }, contract)}</pre>`;
    case "list":
      return `${title(block.title)}<ul${block.title === undefined ? "" : ' class="uses"'}>\n${block.items.map((item) => `<li>${textHtml(item, contract)}</li>`).join("\n")}\n</ul>`;
    case "table":
      return tableHtml(block, contract);
    case "values":
      return valuesHtml(block, contract);
    case "facts": {
      const rows = block.rows.map(([what, text]) => `<div><dt>${escape(what)}</dt><dd>${textHtml(text, contract)}</dd></div>`);
      return `${title(block.title)}<dl class="facts">\n${rows.join("\n")}\n</dl>`;
    }
    case "graph":
      return picture(block);
  }
}

function title(text: string | undefined): string {
  return text === undefined ? "" : `<h4>${escape(text)}</h4>\n`;
}

/**
 * n.b. The anchor is of what is folded up: browsers unfold it for who follows a link there, even without a script.
 */
function entryHtml(entry: EntryBlock, contract: string | undefined): string {
  const { of, level, short, anchor, isDeprecated, summary, blocks } = entry;
  const tag = isDeprecated ? ' <span class="tag">deprecated</span>' : "";
  const said = withoutLinks(textHtml(summary, contract));
  return `<details class="entry ${of}">
<summary><h${level}>${breakable(short)}</h${level}>${tag}${said === "" ? "" : `<span class="said">${said}</span>`}</summary>
<div class="body" id="${escape(anchor)}">
${blocksHtml(blocks, contract)}
</div>
</details>`;
}

function tableHtml(table: TableBlock, contract: string | undefined): string {
  switch (table.look) {
    case "contents":
      return "";
    case "cards":
      return cardsHtml(table, contract);
    case "folded":
      return `<details class="more">\n<summary>${escape(table.title)}</summary>\n${gridHtml(table, contract)}\n</details>`;
    default:
      return gridHtml(table, contract);
  }
}

/** n.b. The roles are for narrow screens, where cells stand one below the other: style takes tables' own roles away. */
function gridHtml({ title: name, head, rows }: TableBlock, contract: string | undefined): string {
  const heads = head.map((text) => `<th role="columnheader" scope="col">${escape(text)}</th>`).join("");
  const cell = (text: Text, index: number): string =>
    `<td role="cell" data-head="${escape(head[index] ?? "")}"><div>${textHtml(text, contract)}</div></td>`;
  const body = rows.map((row) => `<tr role="row">${row.map(cell).join("")}</tr>`).join("\n");
  return `<table role="table" aria-label="${escape(name)}">
<thead role="rowgroup"><tr role="row">${heads}</tr></thead>
<tbody role="rowgroup">
${body}
</tbody>
</table>`;
}

/** The first column is a card's name, the last its text. */
function cardsHtml({ head, rows }: TableBlock, contract: string | undefined): string {
  const cards = rows.map((row) => {
    const [name = [], ...others] = row;
    const said = others.pop() ?? [];
    const facts = others.map((text, index) => `<span>${escape(head[index + 1] ?? "")} ${textHtml(text, contract)}</span>`);
    return `<li><strong>${textHtml(name, contract)}</strong><p>${textHtml(said, contract)}</p><p class="meta">${facts.join(" ")}</p></li>`;
  });
  return `<ul class="cards">\n${cards.join("\n")}\n</ul>`;
}

function valuesHtml(block: ValuesBlock, contract: string | undefined): string {
  return `${title(block.title)}<dl class="values">\n${block.rows.map((row) => valueHtml(row, contract)).join("\n")}\n</dl>`;
}

function valueHtml(
  { name, depth, isOptional, type, default: fallback, description }: ValueRow,
  contract: string | undefined,
): string {
  const end = depth === 0 ? 0 : name.lastIndexOf(".") + 1;
  const before = end === 0 ? "" : `<span>${breakable(name.slice(0, end))}</span><wbr>`;
  const words = [
    textHtml(description, contract),
    fallback === undefined ? "" : `Default ${inlineHtml(code(fallback), contract)}.`,
  ].filter((each) => each !== "");
  return `<div${depth === 0 ? "" : ` class="in in${Math.min(depth, 3)}"`}>
<dt><code>${before}${breakable(name.slice(end))}</code></dt>
<dd class="type">${inlineHtml(type, contract)}${isOptional ? " <span>optional</span>" : ""}</dd>
${words.length === 0 ? "" : `<dd class="said">${words.join(" ")}</dd>\n`}</div>`;
}
