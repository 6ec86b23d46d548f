import type { Database } from "../store/index.ts";
import { runColumns, type Run } from "./run.ts";

/** What to look for; all of it must hold. */
export interface Filter {
  /** An id of a task or a workflow, or a part of an error, of arguments or of a result. */
  readonly text?: string;
  readonly name?: string;
  readonly state?: string;
  readonly queue?: string;
  readonly host?: string;
  readonly error?: string;
  /** Only tasks that haven't ended. */
  readonly isOpen?: boolean;
  /** Epoch milliseconds, of when it was first heard of. */
  readonly from?: number;
  readonly until?: number;
}

export interface Found {
  readonly runs: readonly Run[];
  /** Where the next page begins; undefined after the last. */
  readonly next: string | undefined;
  /** A text was looked for in this many of the newest tasks only, and there are more. */
  readonly searchedOnly: number | undefined;
}

export const pageSize = 50;
/** Text has no index. */
const maxSearched = 100_000;

/** The newest first. @param after where the page begins, as `next` of the one before says */
export async function search(database: Database, filter: Filter, after?: string): Promise<Found> {
  const params: (string | number)[] = [];
  const param = (value: string | number): string => `$${params.push(value)}`;
  const conditions = conditionsOf(filter, param);
  const from = cursorOf(after);
  if (from !== undefined) {
    conditions.push(`(first_at, id) < (to_timestamp(${param(from.at)}::float8 / 1000000), ${param(from.id)}::text)`);
  }
  const where = conditions.length === 0 ? "" : `where ${conditions.join(" and ")}`;
  // Microseconds, or the next page would begin within the last millisecond of this one.
  const columns = `${runColumns}, (extract(epoch from first_at) * 1000000)::float8 as cursor`;
  if (filter.text === undefined) {
    const rows = await database.query<Run & { cursor: number }>(
      `select ${columns} from runs ${where} order by first_at desc, id desc limit ${pageSize + 1}`,
      params,
    );
    return { ...pageOf(rows), searchedOnly: undefined };
  }
  const exact = await byId(database, filter.text, filter, columns);
  if (exact.length > 0) return { ...pageOf(exact), searchedOnly: undefined };
  const like = param(`%${filter.text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`);
  const rows = await database.query<Run & { cursor: number; searched: number }>(
    `with newest as (select * from runs ${where} order by first_at desc, id desc limit ${maxSearched})
     select ${columns}, (select count(*) from newest)::float8 as searched from newest
     where exception ilike ${like} or args ilike ${like} or kwargs ilike ${like} or result ilike ${like} or name ilike ${like}
     order by first_at desc, id desc limit ${pageSize + 1}`,
    params,
  );
  const total = rows[0]?.searched ?? (await countAtMost(database, maxSearched));
  return { ...pageOf(rows), searchedOnly: total >= maxSearched ? maxSearched : undefined };
}

/** How many match, as far as they are counted; `limit` stands for as many or more. */
export async function countMatches(database: Database, filter: Filter, limit: number): Promise<number> {
  const params: (string | number)[] = [];
  const conditions = conditionsOf(filter, (value) => `$${params.push(value)}`);
  const where = conditions.length === 0 ? "" : `where ${conditions.join(" and ")}`;
  const rows = await database.query<{ count: number }>(
    `select count(*)::float8 as count from (select 1 from runs ${where} limit ${limit}) as matching`,
    params,
  );
  return rows[0]?.count ?? 0;
}

/** The tasks of an id, or of the workflow with this id. */
async function byId(database: Database, id: string, filter: Filter, columns: string): Promise<(Run & { cursor: number })[]> {
  const params: (string | number)[] = [id];
  const more = conditionsOf(filter, (value) => `$${params.push(value)}`);
  return database.query<Run & { cursor: number }>(
    `select ${columns} from runs where ${["(id = $1 or root_id = $1)", ...more].join(" and ")} order by first_at desc, id desc limit ${pageSize + 1}`,
    params,
  );
}

function conditionsOf(filter: Filter, param: (value: string | number) => string): string[] {
  const conditions: string[] = [];
  for (const key of ["name", "state", "queue", "host", "error"] as const) {
    const value = filter[key];
    if (value !== undefined) conditions.push(`${key} = ${param(value)}`);
  }
  if (filter.isOpen === true) conditions.push("rank < 5");
  if (filter.from !== undefined) conditions.push(`first_at >= to_timestamp(${param(filter.from)}::float8 / 1000)`);
  if (filter.until !== undefined) conditions.push(`first_at < to_timestamp(${param(filter.until)}::float8 / 1000)`);
  return conditions;
}

async function countAtMost(database: Database, limit: number): Promise<number> {
  return countMatches(database, {}, limit);
}

function pageOf(rows: readonly (Run & { readonly cursor: number })[]): Pick<Found, "runs" | "next"> {
  const runs = rows.slice(0, pageSize);
  const last = runs.at(-1);
  return { runs, next: rows.length > pageSize && last !== undefined ? `${Math.round(last.cursor)}.${last.id}` : undefined };
}

function cursorOf(after: string | undefined): { readonly at: number; readonly id: string } | undefined {
  const parts = after === undefined ? null : /^(\d{1,16})\.(.+)$/s.exec(after);
  return parts === null ? undefined : { at: Number(parts[1]), id: parts[2] ?? "" };
}
