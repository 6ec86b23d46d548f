import { schema, type Database } from "./database.ts";

/**
 * In their order; one that has been released is never changed. The SQL is that of PostgreSQL 12 and later.
 *
 * `events` is what was said, by day, and goes with its day. `runs` is what is known of each task. `counters`, `histogram` and
 * `errors` are exact, whatever became of the details. `boots` are the starts of processes that number their events: what is
 * missing between `first_seq` and `last_seq` was lost.
 */
const migrations: readonly string[] = [
  `
  create table events (
    day date not null,
    key uuid not null,
    run text not null,
    type text not null,
    at timestamptz not null,
    received_at timestamptz not null,
    host text not null,
    retries integer,
    details jsonb,
    primary key (day, key)
  ) partition by range (day);
  create index events_run on events (run);

  create table runs (
    id text primary key,
    root_id text,
    parent_id text,
    name text,
    queue text,
    host text,
    state text not null,
    rank smallint not null,
    retries integer not null,
    first_at timestamptz not null,
    sent_at timestamptz,
    received_at timestamptz,
    started_at timestamptz,
    ended_at timestamptz,
    last_at timestamptz not null,
    eta timestamptz,
    expires timestamptz,
    runtime double precision,
    error text,
    exception text,
    traceback text,
    args text,
    kwargs text,
    result text,
    progress jsonb,
    contract text,
    size integer
  );
  create index runs_first on runs (first_at desc, id);
  create index runs_name on runs (name, first_at desc, id);
  create index runs_root on runs (root_id);
  create index runs_failed on runs (ended_at desc, id) where state = 'FAILURE';
  create index runs_open on runs (rank, first_at) where rank < 5;

  create table counters (
    minute timestamptz not null,
    name text not null,
    queue text not null,
    type text not null,
    count bigint not null,
    runtime double precision not null,
    primary key (minute, name, queue, type)
  );
  create table histogram (
    hour timestamptz not null,
    name text not null,
    kind text not null,
    bucket smallint not null,
    count bigint not null,
    primary key (hour, name, kind, bucket)
  );
  create table errors (
    minute timestamptz not null,
    name text not null,
    error text not null,
    count bigint not null,
    primary key (minute, name, error)
  );
  create table oddities (
    hour timestamptz not null,
    reason text not null,
    count bigint not null,
    primary key (hour, reason)
  );
  create table boots (
    boot uuid primary key,
    host text not null,
    first_seq bigint not null,
    last_seq bigint not null,
    count bigint not null,
    last_at timestamptz not null
  );
  create table workers (
    host text primary key,
    pid integer,
    software text,
    every double precision not null,
    first_at timestamptz not null,
    last_at timestamptz not null,
    is_online boolean not null,
    processed bigint
  );
  create table blind (
    id bigint generated always as identity primary key,
    since timestamptz not null,
    until timestamptz not null,
    reason text not null
  );
  create table audit (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    who text not null,
    act text not null,
    target text not null,
    outcome text not null
  );
  create table settings (name text primary key, value text not null);
  `,
];

/** Brings the tables up to date; another monitor that does so at the same moment waits. @throws DatabaseProblem */
export async function migrate(database: Database): Promise<void> {
  const [found] = await database.query<{ there: boolean }>(`select to_regclass('${schema}.migrations') is not null as there`);
  // Asked first: a database that only lets itself be read may be complete.
  if (found?.there !== true) {
    await database.query(`create schema if not exists ${schema}`);
    await database.query("create table if not exists migrations (version integer primary key)");
  }
  const [row] = await database.query<{ version: number }>("select coalesce(max(version), 0)::integer as version from migrations");
  const done = row?.version ?? 0;
  for (const [index, sql] of migrations.entries()) {
    if (index < done) continue;
    const statements = sql.split(/;\s*\n/).filter((each) => each.trim() !== "");
    await database.transaction([
      { sql: "lock table migrations in exclusive mode" },
      { sql: "insert into migrations (version) values ($1)", params: [index + 1] },
      ...statements.map((each) => ({ sql: each })),
    ]);
  }
}
