import type { Database } from "./database.ts";

/** Statements that lead from one version of the schema to the next. Only ever appended to. */
const migrations: readonly (readonly string[])[] = [
  [
    `create table files (
       id integer generated always as identity primary key,
       -- The request that added the file: when it is delivered twice, it finds its own row.
       request text not null unique,
       path text not null,
       owner text not null,
       state text not null default 'PENDING' check (state in ('PENDING', 'PROCESSING', 'SUCCESS', 'FAILED')),
       bytes bigint,
       rows bigint,
       checksum text,
       columns jsonb,
       reason text,
       added_at timestamptz not null default now(),
       finished_at timestamptz
     )`,
    "create index files_unfinished on files (id) where finished_at is null",
  ],
  [
    `create table imports (
       id integer generated always as identity primary key,
       request text not null unique,
       folder text not null,
       owner text not null,
       state text not null default 'PENDING' check (state in ('PENDING', 'RUNNING', 'SUCCESS', 'FAILED')),
       reason text,
       added_at timestamptz not null default now(),
       finished_at timestamptz
     )`,
    "alter table files add column import_id integer references imports (id)",
    "create index files_of_import on files (import_id) where import_id is not null",
  ],
];

/** Any number will do, as long as everybody who migrates takes the same. */
const lock = 7_261_001;

/**
 * Brings the schema to the newest version. Safe to call from several processes at once.
 * @param target where to stop, for tests @default the newest version
 */
export async function migrate(database: Database, target: number = migrations.length): Promise<void> {
  await database.transaction(async (query) => {
    await query("select pg_advisory_xact_lock($1)", [lock]);
    await query(
      "create table if not exists schema_versions (version integer primary key, applied_at timestamptz not null default now())",
    );
    const [{ version } = { version: 0 }] = await query<{ version: number }>(
      "select coalesce(max(version), 0)::integer as version from schema_versions",
    );
    for (const [index, statements] of migrations.entries()) {
      if (index < version || index >= target) continue;
      for (const statement of statements) await query(statement);
      await query("insert into schema_versions (version) values ($1)", [index + 1]);
    }
  });
}
