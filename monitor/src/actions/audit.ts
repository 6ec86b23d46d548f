import type { Database } from "../store/index.ts";

/** One act: who did what to what, and what became of it. */
export interface AuditEntry {
  readonly who: string;
  readonly act: string;
  readonly target: string;
  readonly outcome: string;
}

/** @throws DatabaseProblem: what can't be written down isn't done */
export async function audit(database: Database, entry: AuditEntry): Promise<void> {
  await database.query("insert into audit (at, who, act, target, outcome) values (now(), $1, $2, $3, $4)", [
    entry.who,
    entry.act,
    entry.target.slice(0, 2000),
    entry.outcome.slice(0, 2000),
  ]);
}

export const auditPage = 100;

/** The newest first. @param before the number of the last entry of the page before */
export async function auditLog(
  database: Database,
  before?: number,
): Promise<readonly (AuditEntry & { readonly id: number; readonly at: number })[]> {
  return database.query(
    `select id::float8 as id, (extract(epoch from at) * 1000)::float8 as at, who, act, target, outcome from audit
     where $1::float8 is null or id < $1::float8 order by id desc limit ${auditPage + 1}`,
    [before ?? null],
  );
}
