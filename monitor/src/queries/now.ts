import type { Database } from "../store/index.ts";

/** Tasks that ended in one minute. */
export interface MinuteCount {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly retried: number;
}

/** Of the last so many minutes, the oldest first; the present one is the last. */
export async function throughput(database: Database, minutes: number, now: number = Date.now()): Promise<readonly MinuteCount[]> {
  const last = Math.floor(now / 60_000);
  const rows = await database.query<{ at: number; type: string; count: number }>(
    `select extract(epoch from minute)::float8 as at, type, sum(count)::float8 as count from counters
     where minute > to_timestamp($1::float8) and type in ('task-succeeded', 'task-failed', 'task-retried') group by 1, 2`,
    [(last - minutes) * 60],
  );
  const counts = new Map(rows.map(({ at, type, count }) => [`${Math.round(at / 60)} ${type}`, count]));
  return Array.from({ length: minutes }, (_, index) => {
    const minute = last - minutes + 1 + index;
    const of = (type: string): number => counts.get(`${minute} ${type}`) ?? 0;
    return { at: minute * 60_000, succeeded: of("task-succeeded"), failed: of("task-failed"), retried: of("task-retried") };
  });
}

/** Failures of one task with one class of error. */
export interface FailureGroup {
  readonly name: string;
  readonly error: string;
  readonly count: number;
  /** Epoch milliseconds, to the minute. */
  readonly lastAt: number;
}

/** The most frequent first; fifty at most. */
export async function failureGroups(database: Database, since: number, name?: string): Promise<readonly FailureGroup[]> {
  return database.query<FailureGroup & { readonly [key: string]: unknown }>(
    `select name, error, sum(count)::float8 as count, (extract(epoch from max(minute)) * 1000)::float8 as "lastAt" from errors
     where minute >= to_timestamp($1::float8 / 1000) and ($2::text is null or name = $2) group by name, error order by 3 desc, name, error limit 50`,
    [since, name ?? null],
  );
}

/** What the monitor knows that it doesn't know. */
export interface Losses {
  readonly blind: readonly { readonly since: number; readonly until: number; readonly reason: string }[];
  /** Events that were numbered and never arrived, by who sent them. */
  readonly gaps: readonly { readonly host: string; readonly lost: number; readonly lastAt: number }[];
  readonly oddities: readonly { readonly reason: string; readonly count: number }[];
}

/** @param since epoch milliseconds */
export async function losses(database: Database, since: number): Promise<Losses> {
  const [blind, gaps, oddities] = await Promise.all([
    database.query<Losses["blind"][number] & object>(
      `select (extract(epoch from since) * 1000)::float8 as since, (extract(epoch from until) * 1000)::float8 as until, reason from blind
       where until >= to_timestamp($1::float8 / 1000) order by since desc limit 20`,
      [since],
    ),
    database.query<Losses["gaps"][number] & object>(
      `select host, sum(last_seq - first_seq + 1 - count)::float8 as lost, (extract(epoch from max(last_at)) * 1000)::float8 as "lastAt"
       from boots where last_at >= to_timestamp($1::float8 / 1000) and last_seq - first_seq + 1 > count group by host order by 2 desc limit 20`,
      [since],
    ),
    database.query<Losses["oddities"][number] & object>(
      `select reason, sum(count)::float8 as count from oddities where hour >= date_trunc('hour', to_timestamp($1::float8 / 1000))
       group by reason order by 2 desc`,
      [since],
    ),
  ]);
  return { blind, gaps, oddities };
}
