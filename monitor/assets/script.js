/** Keeps the parts of a page that are marked `data-live` up to date. Without this script, pages are as complete, and stand still. */
const body = document.body;
const changes = body.dataset.changes;
const button = document.getElementById("live");
let isPaused = sessionStorage.getItem("paused") === "yes";
let isLoading = false;
let isStale = false;
let events;

/** What somebody is pointing at, typing into or has marked doesn't move under their hands. */
function isHeld(part) {
  const selection = getSelection();
  const isSelected =
    selection !== null && !selection.isCollapsed && selection.anchorNode !== null && part.contains(selection.anchorNode);
  const chosen = part.querySelector("input[type=checkbox]:checked");
  return (
    part.matches(":hover") ||
    (part.contains(document.activeElement) && document.activeElement !== part) ||
    isSelected ||
    chosen !== null
  );
}

async function load(url) {
  const answer = await fetch(url, { headers: { accept: "text/html" }, credentials: "same-origin", cache: "no-store" });
  if (!answer.ok) throw new Error(String(answer.status));
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function replace(fresh, isForced) {
  let isComplete = true;
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = fresh.getElementById(part.id);
    if (next === null || next.innerHTML === part.innerHTML) continue;
    if (!isForced && isHeld(part)) {
      isComplete = false;
      continue;
    }
    const open = [...part.querySelectorAll("details[id][open]")].map((each) => each.id);
    part.replaceChildren(...next.childNodes);
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  }
  return isComplete;
}

async function refresh() {
  if (isPaused || document.hidden || isLoading) {
    isStale = true;
    return;
  }
  isLoading = true;
  isStale = false;
  try {
    if (!replace(await load(location.href), false)) isStale = true;
    body.dataset.heard = String(Number(body.dataset.heard ?? 0) + 1);
  } catch {
    isStale = true;
  } finally {
    isLoading = false;
  }
}

function show(text, pressed) {
  if (button === null) return;
  button.textContent = text;
  button.setAttribute("aria-pressed", String(pressed));
}

function listen() {
  events?.close();
  events = undefined;
  if (isPaused) return show("Paused", false);
  show("Connecting", true);
  events = new EventSource(changes);
  events.addEventListener("open", () => show("Live", true));
  events.addEventListener("error", () => show("Reconnecting", true));
  events.addEventListener("change", () => void refresh());
}

if (changes !== undefined && document.querySelector("[data-live]") !== null) {
  button?.removeAttribute("hidden");
  button?.addEventListener("click", () => {
    isPaused = !isPaused;
    sessionStorage.setItem("paused", isPaused ? "yes" : "no");
    listen();
    if (!isPaused) void refresh();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && isStale) void refresh();
  });
  setInterval(() => {
    if (isStale) void refresh();
  }, 2000);
  listen();
}

// The moment of a flow: its page is fetched as it was then.
const moment = document.getElementById("moment");
if (moment !== null) {
  const form = moment.closest("form");
  form?.querySelector("button")?.setAttribute("hidden", "");
  let last = 0;
  const showMoment = async () => {
    const mine = ++last;
    const url = new URL(location.href);
    if (moment.value === moment.max) url.searchParams.delete("at");
    else url.searchParams.set("at", moment.value);
    history.replaceState(null, "", url);
    const fresh = await load(url).catch(() => undefined);
    if (fresh !== undefined && mine === last) replace(fresh, true);
  };
  moment.addEventListener("input", () => void showMoment());
}

// One box for all boxes of a table.
document.addEventListener("change", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || box.dataset.all === undefined) return;
  for (const each of box.closest("table")?.querySelectorAll("tbody input[type=checkbox]") ?? []) each.checked = box.checked;
});
