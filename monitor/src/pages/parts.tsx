import type { Child } from "hono/jsx";
import { ago, clock, duration, link } from "./format.ts";
import type { Html, PageContext } from "./page.ts";

/** A moment, as a time of day (UTC); the title has all of it. */
export function Time({ at, now }: { readonly at: number; readonly now: number }): Html {
  const iso = new Date(at).toISOString();
  return (
    <time datetime={iso} title={iso}>
      {clock(at, now)}
    </time>
  );
}

/** A moment, as how long ago it was. */
export function Ago({ at, now }: { readonly at: number; readonly now: number }): Html {
  const iso = new Date(at).toISOString();
  return (
    <time class="nowrap" datetime={iso} title={iso}>
      {ago(at, now)}
    </time>
  );
}

const looks: Readonly<Record<string, string>> = {
  SUCCESS: "good",
  FAILURE: "bad",
  STARTED: "busy",
  RETRY: "warn",
  REVOKED: "warn",
  REJECTED: "warn",
  online: "good",
  silent: "warn",
  offline: "",
};

/** How a state looks: a class of the style sheet. */
export function lookOf(state: string): string {
  return looks[state] ?? "";
}

export function State({ state }: { readonly state: string }): Html {
  return <span class={`state ${lookOf(state)}`}>{state.toLowerCase()}</span>;
}

export function RunLink({
  page,
  id,
  children,
}: {
  readonly page: PageContext;
  readonly id: string;
  readonly children?: Child;
}): Html {
  return <a href={runPath(page, id)}>{children ?? <code>{id.length > 13 ? id.slice(0, 8) : id}</code>}</a>;
}

export function runPath(page: PageContext, id: string): string {
  return `${page.base}/runs/${encodeURIComponent(id)}`;
}

export function TaskLink({ page, name }: { readonly page: PageContext; readonly name: string | null | undefined }): Html {
  if (name === null || name === undefined || name === "") return <span class="none">unknown</span>;
  return <a href={`${page.base}/tasks/${encodeURIComponent(name)}`}>{name}</a>;
}

/** A number that leads to the search for what it counts. */
export function SearchLink(props: {
  readonly page: PageContext;
  readonly query: Readonly<Record<string, string | number | undefined>>;
  readonly children: Child;
}): Html {
  return <a href={link(`${props.page.base}/search`, props.query)}>{props.children}</a>;
}

/** What a handler reported: a bar where it is a part of a whole, the value where it isn't. */
export function Progress({ value, label }: { readonly value: unknown; readonly label: string }): Html {
  if (value === null || value === undefined) return <span class="none">–</span>;
  const part = partOf(value);
  const text =
    typeof value === "object"
      ? summaryOf(value as Readonly<Record<string, unknown>>)
      : typeof value === "string"
        ? value
        : JSON.stringify(value);
  return (
    <span class="progress">
      {part !== undefined && <progress value={String(part)} max="1" aria-label={label} />}
      {part !== undefined && <span>{Math.round(part * 100)} %</span>}
      <span>{text}</span>
    </span>
  );
}

const wholes = [
  ["done", "total"],
  ["current", "total"],
  ["read", "size"],
  ["bytesRead", "bytes"],
  ["bytes", "totalBytes"],
  ["rows", "totalRows"],
] as const;

/** From 0 to 1, of the usual ways to say it. */
export function partOf(value: unknown): number | undefined {
  if (typeof value === "number") return value >= 0 && value <= 1 ? value : value <= 100 && value > 1 ? value / 100 : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  const fields = value as Readonly<Record<string, unknown>>;
  for (const [some, all] of wholes) {
    const [a, b] = [fields[some], fields[all]];
    if (typeof a === "number" && typeof b === "number" && b > 0) return Math.min(1, Math.max(0, a / b));
  }
  for (const name of ["percent", "fraction", "progress", "part"]) {
    const each = fields[name];
    if (typeof each === "number") return partOf(name === "percent" ? each / 100 : each);
  }
  return undefined;
}

function summaryOf(fields: Readonly<Record<string, unknown>>): string {
  const simple = Object.entries(fields).filter(([, value]) => typeof value === "number" || typeof value === "string");
  return simple
    .slice(0, 3)
    .map(
      ([name, value]) => `${name} ${typeof value === "number" ? value.toLocaleString("en-US") : (value as string).slice(0, 40)}`,
    )
    .join(" · ");
}

export function Seconds({ value }: { readonly value: number | null }): Html {
  return value === null ? <span class="none">–</span> : <span class="nowrap">{duration(value)}</span>;
}

/** A form of one button that acts. Who may only look sees none. */
export function ActButton(props: {
  readonly page: PageContext;
  readonly path: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly look?: string;
  readonly children: Child;
}): Html {
  if (props.page.role !== "act") return <></>;
  return (
    <form method="post" action={`${props.page.base}${props.path}`}>
      {Object.entries(props.fields ?? {}).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button type="submit" class={props.look ?? ""}>
        {props.children}
      </button>
    </form>
  );
}
