import type { Database } from "../store/index.ts";

/** A task's counts of the last day. */
export interface TaskFacts {
  readonly name: string;
  readonly received: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly retried: number;
  /** Seconds, of those that succeeded. */
  readonly meanRuntime: number | null;
}

/** By name; a thousand at most. */
export async function taskFacts(database: Database, since: number, name?: string): Promise<readonly TaskFacts[]> {
  return database.query<TaskFacts & object>(
    `select name,
       coalesce(sum(count) filter (where type = 'task-received'), 0)::float8 as received,
       coalesce(sum(count) filter (where type = 'task-succeeded'), 0)::float8 as succeeded,
       coalesce(sum(count) filter (where type = 'task-failed'), 0)::float8 as failed,
       coalesce(sum(count) filter (where type = 'task-retried'), 0)::float8 as retried,
       (sum(runtime) filter (where type = 'task-succeeded') / nullif(sum(count) filter (where type = 'task-succeeded'), 0))::float8 as "meanRuntime"
     from counters where minute >= to_timestamp($1::float8 / 1000) and ($2::text is null or name = $2)
     group by name order by name limit 1000`,
    [since, name ?? null],
  );
}

export interface Times {
  /** How many fell into each bucket (`buckets`, and one for what is longer). */
  readonly run: readonly number[];
  readonly wait: readonly number[];
}

/** How long a task ran and waited. */
export async function times(database: Database, name: string, since: number, buckets: number): Promise<Times> {
  const rows = await database.query<{ kind: string; bucket: number; count: number }>(
    `select kind, bucket, sum(count)::float8 as count from histogram
     where hour >= date_trunc('hour', to_timestamp($1::float8 / 1000)) and name = $2 group by kind, bucket`,
    [since, name],
  );
  const of = (kind: string): readonly number[] =>
    Array.from({ length: buckets + 1 }, (_, index) => rows.find((row) => row.kind === kind && row.bucket === index)?.count ?? 0);
  return { run: of("run"), wait: of("wait") };
}
