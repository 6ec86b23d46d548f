import type { Filter } from "../queries/index.ts";
import { states, type SearchQuery } from "../pages/index.ts";

const fields = ["q", "task", "state", "queue", "worker", "error", "from", "until"] as const;

export interface ReadQuery {
  readonly query: SearchQuery;
  readonly filter: Filter;
  /** What was left out, and why. */
  readonly mistakes: readonly string[];
}

/** Reads a filter from an address, or from a form. */
export function readQuery(get: (name: string) => string | undefined): ReadQuery {
  const mistakes: string[] = [];
  const entries = fields.map((name) => {
    const value = get(name)?.trim().slice(0, 500);
    return [name, value === "" ? undefined : value] as const;
  });
  const query = Object.fromEntries(entries) as SearchQuery;
  const isState = query.state === undefined || states.some((each) => each === query.state);
  if (!isState) mistakes.push(`There is no state "${query.state}".`);
  const time = (name: "from" | "until"): number | undefined => {
    const text = query[name];
    if (text === undefined) return undefined;
    const at = Date.parse(/(z|[+-]\d\d:?\d\d)$/i.test(text) || !/\d:\d/.test(text) ? text : `${text.replace(" ", "T")}Z`);
    if (Number.isFinite(at)) return at;
    mistakes.push(`"${text}" is no time; it looks like 2026-11-28 14:00.`);
    return undefined;
  };
  const filter = {
    text: query.q,
    name: query.task,
    state: isState ? query.state : undefined,
    queue: query.queue,
    host: query.worker,
    error: query.error,
    from: time("from"),
    until: time("until"),
  };
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  return { query, filter: Object.fromEntries(given) as Filter, mistakes };
}
