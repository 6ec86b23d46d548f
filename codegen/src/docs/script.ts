/**
 * The page's script: the filter, keys, and unfolding what a link leads to. The page allows this one, by its hash, and no other.
 * n.b. A template: no backslashes, backticks or closing tags in it.
 */
export const script: string = `
"use strict";
const byId = (id) => document.getElementById(id);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const filter = byId("filter");
const count = byId("count");
const fold = byId("fold");
const entries = all("details.entry").map((element) => ({
  element,
  isTask: element.classList.contains("task"),
}));
// Without who uses it: those names would find all that a task is linked with.
function textOf(element) {
  const copy = element.cloneNode(true);
  for (const uses of all(".uses", copy)) uses.remove();
  return copy.textContent.toLowerCase();
}
const total = entries.filter(({ isTask }) => isTask).length;
const tasks = (number) => number + (number === 1 ? " task" : " tasks");

function apply() {
  const words = filter.value.toLowerCase().split(" ").filter((word) => word !== "");
  let shown = 0;
  for (const entry of entries) {
    const { element, isTask } = entry;
    entry.text ??= textOf(element);
    element.hidden = !words.every((word) => entry.text.includes(word));
    if (isTask && !element.hidden) shown++;
  }
  for (const group of all(".entries")) {
    group.hidden = [...group.children].every((child) => child.hidden);
    const before = group.previousElementSibling;
    if (before !== null && before.tagName === "H3") before.hidden = group.hidden;
  }
  for (const section of all("section.contract")) {
    section.hidden = words.length > 0 && all(".entries", section).every((group) => group.hidden);
  }
  for (const section of all("section.overview")) section.hidden = words.length > 0;
  byId("nothing").hidden = entries.some(({ element }) => !element.hidden) || words.length === 0;
  count.textContent = words.length === 0 ? tasks(total) : shown + " of " + tasks(total);
  document.documentElement.classList.toggle("filtered", words.length > 0);
}

function clear() {
  filter.value = "";
  apply();
}

function reveal() {
  const target = byId(location.hash.slice(1));
  if (target === null) return;
  if (target.closest("[hidden]") !== null || target.id === "main") clear();
  for (let each = target.closest("details"); each !== null; each = each.parentElement.closest("details")) each.open = true;
  const place = target.closest("details.entry") || target;
  place.scrollIntoView({ block: "start" });
  const summary = place.querySelector(":scope > summary");
  if (summary !== null) summary.focus({ preventScroll: true, focusVisible: false });
}

for (const { element } of entries) {
  // An address that can be passed on; nothing is scrolled.
  element.querySelector("summary").addEventListener("click", () => {
    if (!element.open) history.replaceState(null, "", "#" + element.querySelector(".body").id);
  });
}
fold.addEventListener("click", () => {
  const open = entries.some(({ element }) => !element.hidden && !element.open);
  for (const { element } of entries) if (!element.hidden) element.open = open;
  fold.textContent = open ? "Close all" : "Open all";
});
filter.addEventListener("input", () => {
  apply();
  window.scrollTo(0, 0);
});
filter.addEventListener("keydown", (event) => {
  if (event.key === "Escape") clear();
  if (event.key !== "Enter") return;
  event.preventDefault();
  const first = entries.find(({ element }) => !element.hidden);
  if (first !== undefined) first.element.querySelector("summary").focus();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target === filter) return;
  event.preventDefault();
  filter.focus();
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  // The place in the address is where the page is already: nothing would happen.
  if (link !== null && link.getAttribute("href") === location.hash) reveal();
});
window.addEventListener("hashchange", reveal);
let closed = [];
window.addEventListener("beforeprint", () => {
  closed = all("details:not([open])");
  for (const each of closed) each.open = true;
});
window.addEventListener("afterprint", () => {
  for (const each of closed) each.open = false;
});
all(".filter").forEach((each) => (each.hidden = false));
if (location.hash !== "") reveal();
`;
