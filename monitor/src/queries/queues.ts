import type { Database } from "../store/index.ts";

/** A queue, as the events tell. */
export interface QueueFacts {
  readonly name: string;
  /** Tasks of the last five minutes. */
  readonly received: number;
  readonly ended: number;
  readonly failed: number;
  /** Tasks that were sent or received and haven't started; `atLeast` when not all were counted. */
  readonly waiting: number;
  /** When the oldest of them was heard of first. Epoch milliseconds. */
  readonly oldestAt: number | null;
  /** Ended tasks of each of the last 30 minutes, the oldest first. */
  readonly spark: readonly number[];
}

/** How many waiting tasks are counted. */
export const waitingCounted = 10_000;

/** All queues of the last day, by name. */
export async function queueFacts(database: Database, now: number = Date.now()): Promise<readonly QueueFacts[]> {
  const minute = Math.floor(now / 60_000);
  const [names, counts, waiting] = await Promise.all([
    database.query<{ name: string }>(
      "select distinct queue as name from counters where minute > to_timestamp($1::float8) and queue <> '' order by 1 limit 500",
      [(minute - 1440) * 60],
    ),
    database.query<{ name: string; at: number; type: string; count: number }>(
      `select queue as name, extract(epoch from minute)::float8 as at, type, sum(count)::float8 as count from counters
       where minute > to_timestamp($1::float8) and queue <> '' group by 1, 2, 3`,
      [(minute - 30) * 60],
    ),
    database.query<{ name: string; count: number; oldestAt: number }>(
      `select queue as name, count(*)::float8 as count, (extract(epoch from min(first_at)) * 1000)::float8 as "oldestAt"
       from (select queue, first_at from runs where rank < 3 and (eta is null or eta < to_timestamp($1::float8 / 1000))
         order by rank, first_at limit ${waitingCounted}) as open
       where queue is not null group by queue`,
      [now],
    ),
  ]);
  return names.map(({ name }) => {
    const own = counts.filter((each) => each.name === name);
    const recent = own.filter(({ at }) => at / 60 > minute - 5);
    const sum = (rows: typeof own, ...types: string[]): number =>
      rows.filter(({ type }) => types.includes(type)).reduce((total, { count }) => total + count, 0);
    const spark = Array.from({ length: 30 }, (_, index) =>
      sum(
        own.filter(({ at }) => Math.round(at / 60) === minute - 29 + index),
        "task-succeeded",
        "task-failed",
      ),
    );
    const open = waiting.find((each) => each.name === name);
    return {
      name,
      received: sum(recent, "task-received"),
      ended: sum(recent, "task-succeeded", "task-failed"),
      failed: sum(recent, "task-failed"),
      waiting: open?.count ?? 0,
      oldestAt: open?.oldestAt ?? null,
      spark,
    };
  });
}
