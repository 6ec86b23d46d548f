/** The page's looks, in both lights. No colour says anything that isn't said by a word or a form, too. */
export const style = `:root {
  color-scheme: light dark;
  --page: #f7f7f5; --panel: #fff; --ink: #1d2127; --dim: #5a626d; --line: #e0e2e6; --soft: #f1f2f4;
  --accent: #2350bd; --tint: #e9eefb; --good: #17713f; --bad: #b3261e; --next: #6b3fb5; --warn: #7a4b00; --warn-soft: #fdf0d5;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #121419; --panel: #191c22; --ink: #e7e9ed; --dim: #a3abb7; --line: #2d323b; --soft: #23272f;
    --accent: #93b4ff; --tint: #1f2a44; --good: #6fd39b; --bad: #ff958b; --next: #c3a6ff; --warn: #ffd18a; --warn-soft: #3a2c12;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-padding-top: 1.5rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.6 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; overflow-wrap: break-word; }
a { color: var(--accent); text-decoration: underline; text-decoration-color: color-mix(in srgb, currentColor 35%, transparent); text-underline-offset: 0.2em; }
a:hover { text-decoration-color: currentColor; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
main:focus { outline: none; }
h1, h2, h3, h4, p, ul, dl, pre { margin: 0; }
h1, h2, h3 { line-height: 1.25; letter-spacing: -0.01em; text-wrap: balance; }
h1 { font-size: 2rem; }
h2 { font-size: 1.5rem; margin-top: 3.5rem; }
h3 { font-size: 1.0625rem; margin-top: 2rem; }
h4 { font-size: 0.8125rem; font-weight: 600; color: var(--dim); margin: 1.5rem 0 0.375rem; }
code { font: 0.875em/1.5 var(--mono); }
.skip { position: absolute; left: 1rem; top: -4rem; z-index: 3; padding: 0.5rem 1rem; border-radius: 0 0 8px 8px; background: var(--accent); color: var(--page); }
.skip:focus { top: 0; }

body > header { position: sticky; top: 0; z-index: 2; }
.brand { color: inherit; font-weight: 650; text-decoration: none; }
.filter label { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.filter input { width: 100%; padding: 0.4375rem 0.75rem; border: 1px solid color-mix(in srgb, var(--dim) 60%, var(--line)); border-radius: 8px; background: var(--panel); color: inherit; font: inherit; font-size: 1rem; }
.filter input::placeholder { color: var(--dim); opacity: 1; }
.filter { position: relative; }
.filter kbd { display: none; }
.filter p { display: flex; justify-content: space-between; align-items: center; font-size: 0.8125rem; color: var(--dim); }
button { min-height: 1.75rem; padding: 0.125rem 0.375rem; border: 0; border-radius: 4px; background: none; color: var(--accent); font: inherit; cursor: pointer; }
button:hover { text-decoration: underline; }
nav ul { list-style: none; padding: 0; }
nav a { display: flex; justify-content: space-between; gap: 0.75rem; padding: 0.25rem 0.75rem; border-radius: 6px; color: inherit; font-size: 0.9375rem; text-decoration: none; }
nav a:hover { background: var(--soft); }
nav a span { color: var(--dim); font-variant-numeric: tabular-nums; }

main { padding: 1.5rem 1rem 6rem; }
.overview > h1 { margin-bottom: 1.5rem; }
section > p, section > .prose { max-width: 44rem; margin-top: 0.5rem; }
section.contract > p { color: var(--dim); font-size: 0.9375rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: 0.75rem; padding: 0; list-style: none; }
.cards li { display: flex; flex-direction: column; gap: 0.25rem; position: relative; padding: 1rem 1.125rem; border: 1px solid var(--line); border-radius: 10px; background: var(--panel); }
.cards li:hover { border-color: var(--accent); }
.cards strong a { font-size: 1.0625rem; text-decoration: none; }
.cards strong a::after { content: ""; position: absolute; inset: 0; }
.cards p { font-size: 0.9375rem; }
.cards .meta { display: flex; flex-wrap: wrap; gap: 0 1rem; margin-top: auto; padding-top: 0.375rem; color: var(--dim); font-size: 0.8125rem; }

.entries { margin-top: 1.25rem; border: 1px solid var(--line); border-radius: 10px; background: var(--panel); overflow: clip; }
.entry { scroll-margin-top: 1rem; }
.entry:not([hidden]) ~ .entry { border-top: 1px solid var(--line); }
summary { cursor: pointer; }
.entry > summary { display: grid; grid-template-columns: minmax(0, 1fr) auto auto; gap: 0.125rem 0.75rem; align-items: start; padding: 0.75rem 1.125rem; list-style: none; }
.entry > summary::-webkit-details-marker { display: none; }
.entry > summary::after { content: ""; grid-column: 3; grid-row: 1; width: 0.5rem; height: 0.5rem; margin: 0.4375rem 0.25rem 0; border: solid var(--dim); border-width: 0 2px 2px 0; transform: rotate(45deg); }
.entry[open] > summary::after { transform: translateY(0.25rem) rotate(225deg); }
.entry > summary:hover { background: var(--soft); }
.entry > summary:focus-visible { outline-offset: -2px; border-radius: 10px; }
.entry > summary :is(h3, h4) { margin: 0; color: var(--ink); font: 600 0.9375rem/1.5 var(--mono); letter-spacing: 0; text-wrap: wrap; }
.entry > summary .said { grid-column: 1 / 3; color: var(--dim); font-size: 0.9375rem; line-height: 1.5; }
.entry[open] > summary .said { display: none; }
.entry:has(> :target) > summary { background: var(--tint); }
.tag { align-self: center; padding: 0 0.5rem; border-radius: 99px; background: var(--warn-soft); color: var(--warn); font-size: 0.75rem; line-height: 1.5rem; }
.body { padding: 0.25rem 1.125rem 1.75rem; scroll-margin-top: 5rem; }
.body > p, .prose { max-width: 44rem; }
.body > .prose { margin-top: 0.5rem; }
.body p + .values { margin-top: 0.625rem; }
.prose > * + * { margin-top: 0.75rem; }
.prose ul, .prose ol, .body > ul { padding-left: 1.25rem; }
pre { margin-top: 1rem; padding: 0.75rem 1rem; border-radius: 8px; background: var(--soft); white-space: pre-wrap; line-height: 1.6; tab-size: 2; }
pre code { font-size: 0.875rem; }
:is(p, li, .said, td) > code, td div > code { padding: 0.0625rem 0.25rem; border-radius: 4px; background: var(--soft); }
.cards .meta code { padding: 0; background: none; }

.values > div { display: flex; flex-wrap: wrap; gap: 0 0.75rem; align-items: baseline; padding: 0.5rem 0; border-top: 1px solid var(--line); }
.values > div:last-child { border-bottom: 1px solid var(--line); }
.values > .in { padding-left: 1.25rem; }
.values > .in2 { padding-left: 2.5rem; }
.values > .in3 { padding-left: 3.75rem; }
dt, dd { margin: 0; min-width: 0; }
.values dt code { font-weight: 600; }
.values dt span { color: var(--dim); font-weight: 400; }
.values .type { color: var(--next); font-size: 0.9375rem; }
.values .type span { color: var(--dim); font-size: 0.8125rem; }
.values .said { flex-basis: 100%; font-size: 0.9375rem; }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.25rem 1.5rem; font-size: 0.9375rem; }
.facts > div { display: contents; }
.facts dt { color: var(--dim); }

.more { margin-top: 1rem; }
.more > summary { width: max-content; color: var(--accent); font-size: 0.9375rem; line-height: 1.75rem; }
table { width: 100%; margin-top: 0.5rem; border: 1px solid var(--line); border-spacing: 0; border-radius: 10px; background: var(--panel); font-size: 0.9375rem; }
th, td { padding: 0.5rem 0.875rem; text-align: left; vertical-align: top; }
th { color: var(--dim); font-size: 0.8125rem; font-weight: 600; }
td { border-top: 1px solid var(--line); }

.legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; padding: 0; margin: 1rem 0 0.5rem; list-style: none; color: var(--dim); font-size: 0.875rem; }
.legend svg { vertical-align: middle; }
.picture { max-height: min(80vh, 52rem); overflow: auto; border: 1px solid var(--line); border-radius: 10px; background: var(--panel); }
.picture svg { display: block; width: 100%; margin: auto; }
rect.service { fill: var(--page); stroke: var(--line); }
text.service { fill: var(--dim); font: 600 12px system-ui, sans-serif; stroke: var(--page); stroke-width: 4px; stroke-linejoin: round; paint-order: stroke; }
a.task { text-decoration: none; }
.task rect { fill: var(--panel); stroke: var(--dim); stroke-opacity: 0.5; }
.task text { fill: var(--ink); font: 12px var(--mono); }
a.task:is(:hover, :focus-visible) rect { fill: var(--tint); stroke: var(--accent); stroke-opacity: 1; }
.edge { color: var(--good); }
.edge.linkError { color: var(--bad); }
.edge.chain { color: var(--accent); }
.edge.chord { color: var(--next); }
.edge .line { fill: none; stroke: currentColor; stroke-width: 1.5; }
.edge.linkError .line { stroke-dasharray: 6 4; }
.edge.chord .line { stroke-dasharray: 1.5 3.5; stroke-linecap: round; stroke-width: 2; }
.edge.chain .line { stroke-width: 2.5; }
.edge .head { fill: currentColor; }
.edge .hit { fill: none; stroke: transparent; stroke-width: 12; }
a.edge:hover .line { stroke-width: 3; }
#nothing { padding: 3rem 0; color: var(--dim); }

@media (min-width: 60rem) {
  body { display: grid; grid-template-columns: 17rem minmax(0, 1fr); }
  body > header { height: 100vh; overflow: auto; padding: 2rem 1rem; border-right: 1px solid var(--line); }
  .brand { display: block; padding: 0 0.75rem; font-size: 1.0625rem; }
  .filter { margin-top: 1.25rem; }
  .filter input:not(:focus, :not(:placeholder-shown)) + kbd { display: block; position: absolute; top: 0.5rem; right: 0.625rem; padding: 0 0.4375rem; border: 1px solid var(--line); border-radius: 4px; color: var(--dim); font: 0.8125rem/1.5rem var(--mono); pointer-events: none; }
  .filter p { padding: 0.375rem 0.375rem 0 0.75rem; }
  nav { margin-top: 1rem; }
  main { width: 100%; max-width: 66rem; padding: 2rem 3rem 8rem; }
  .overview > h1 { margin-top: -0.25rem; }
}
@media (max-width: 59.99rem) {
  html { scroll-padding-top: 6.5rem; }
  body > header { padding: 0.625rem 1rem 0.25rem; border-bottom: 1px solid var(--line); background: var(--page); }
  .brand, nav { display: none; }
  .entry { scroll-margin-top: 0; }
  h1 { font-size: 1.625rem; }
}
@media (max-width: 40rem) {
  h2 { margin-top: 2.75rem; }
  .entry > summary, .body { padding-left: 0.875rem; padding-right: 0.875rem; }
  .facts { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .facts dd { margin-bottom: 0.5rem; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, td { display: block; }
  tr { padding: 0.5rem 0.875rem; }
  tr + tr { border-top: 1px solid var(--line); }
  td { display: grid; grid-template-columns: 7rem minmax(0, 1fr); gap: 0.75rem; padding: 0.125rem 0; border: 0; }
  td::before { content: attr(data-head); color: var(--dim); font-size: 0.8125rem; line-height: 1.5rem; }
  td:has(> div:empty) { display: none; }
}
@media print {
  body { display: block; background: none; }
  body > header, .skip { display: none; }
  .entry, .cards li { break-inside: avoid; }
}
`;
