import type { Statement } from "../store/index.ts";
import type { RunPatch } from "./run-patch.ts";
import type { Tally } from "./tally.ts";

/** An excluded row is of a later attempt, or says more of the same one. Where the attempt isn't known, it is taken for the same. */
const isNewer = `(case when excluded.retries < 0 or r.retries < 0 then excluded.rank >= r.rank
  else (excluded.retries, excluded.rank) >= (r.retries, r.rank) end)`;
const newest = (column: string): string =>
  `${column} = case when ${isNewer} then coalesce(excluded.${column}, r.${column}) else r.${column} end`;
/** A success has no error, whatever earlier attempts had. */
const ofFailure = (column: string): string =>
  `${column} = case when not ${isNewer} then r.${column} when excluded.state = 'SUCCESS' then null else coalesce(excluded.${column}, r.${column}) end`;
const first = (column: string): string => `${column} = coalesce(r.${column}, excluded.${column})`;
const last = (column: string): string => `${column} = coalesce(excluded.${column}, r.${column})`;
const time = (column: string): string => `to_timestamp(${column} / 1000)`;

const runSql = `
  insert into runs as r (id, root_id, parent_id, name, queue, host, state, rank, retries, first_at, sent_at, received_at, started_at,
    ended_at, last_at, eta, expires, runtime, error, exception, traceback, args, kwargs, result, progress, contract, size)
  select id, root_id, parent_id, name, queue, host, state, rank, retries, ${time("first_at")}, ${time("sent_at")}, ${time("received_at")},
    ${time("started_at")}, ${time("ended_at")}, ${time("last_at")}, ${time("eta")}, ${time("expires")}, runtime, error, exception,
    traceback, args, kwargs, result, progress, contract, size
  from jsonb_to_recordset($1::jsonb) as p(id text, root_id text, parent_id text, name text, queue text, host text, state text,
    rank smallint, retries integer, first_at float8, sent_at float8, received_at float8, started_at float8, ended_at float8,
    last_at float8, eta float8, expires float8, runtime float8, error text, exception text, traceback text, args text, kwargs text,
    result text, progress jsonb, contract text, size integer)
  on conflict (id) do update set
    ${["root_id", "parent_id", "name", "args", "kwargs"].map(first).join(", ")},
    ${["queue", "host", "eta", "expires", "contract", "size", "progress"].map(last).join(", ")},
    first_at = least(r.first_at, excluded.first_at),
    sent_at = least(r.sent_at, excluded.sent_at),
    received_at = greatest(r.received_at, excluded.received_at),
    started_at = greatest(r.started_at, excluded.started_at),
    last_at = greatest(r.last_at, excluded.last_at),
    ended_at = case when ${isNewer} then excluded.ended_at else r.ended_at end,
    state = case when ${isNewer} then excluded.state else r.state end,
    rank = case when ${isNewer} then excluded.rank else r.rank end,
    retries = greatest(r.retries, excluded.retries),
    ${["runtime", "result"].map(newest).join(", ")},
    ${["error", "exception", "traceback"].map(ofFailure).join(", ")}`;

/** Brings the rows of tasks up to date. */
export function runStatement(patches: readonly RunPatch[]): Statement {
  return { sql: runSql, params: [JSON.stringify(patches)] };
}

/** Adds what was counted. */
export function countingStatements(tally: Tally): Statement[] {
  const statements: Statement[] = [];
  const add = (rows: Iterable<object>, sql: string): void => {
    const all = [...rows];
    if (all.length > 0) statements.push({ sql, params: [JSON.stringify(all)] });
  };
  add(
    tally.counters.values(),
    `insert into counters as c (minute, name, queue, type, count, runtime)
      select ${time("minute")}, name, queue, type, count, runtime
      from jsonb_to_recordset($1::jsonb) as t(minute float8, name text, queue text, type text, count bigint, runtime float8)
      on conflict (minute, name, queue, type) do update set count = c.count + excluded.count, runtime = c.runtime + excluded.runtime`,
  );
  add(
    tally.histogram.values(),
    `insert into histogram as c (hour, name, kind, bucket, count)
      select ${time("hour")}, name, kind, bucket, count
      from jsonb_to_recordset($1::jsonb) as t(hour float8, name text, kind text, bucket smallint, count bigint)
      on conflict (hour, name, kind, bucket) do update set count = c.count + excluded.count`,
  );
  add(
    tally.errors.values(),
    `insert into errors as c (minute, name, error, count)
      select ${time("minute")}, name, error, count
      from jsonb_to_recordset($1::jsonb) as t(minute float8, name text, error text, count bigint)
      on conflict (minute, name, error) do update set count = c.count + excluded.count`,
  );
  add(
    tally.boots.values(),
    `insert into boots as b (boot, host, first_seq, last_seq, count, last_at)
      select boot, host, first_seq, last_seq, count, ${time("last_at")}
      from jsonb_to_recordset($1::jsonb) as t(boot uuid, host text, first_seq bigint, last_seq bigint, count bigint, last_at float8)
      on conflict (boot) do update set first_seq = least(b.first_seq, excluded.first_seq),
        last_seq = greatest(b.last_seq, excluded.last_seq), count = b.count + excluded.count,
        last_at = greatest(b.last_at, excluded.last_at)`,
  );
  add(
    [...tally.oddities].map(([reason, count]) => ({ reason, count })),
    `insert into oddities as c (hour, reason, count)
      select date_trunc('hour', now()), reason, count from jsonb_to_recordset($1::jsonb) as t(reason text, count bigint)
      on conflict (hour, reason) do update set count = c.count + excluded.count`,
  );
  return statements;
}
