import type { Database } from "./database.ts";

const day = 86_400_000;

/** `2026-11-28`, of an epoch time in milliseconds. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** The partitions of `events`, one a day. */
export class Days {
  readonly #database: Database;
  readonly #known = new Set<string>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Makes the days that aren't there. */
  async prepare(days: Iterable<string>): Promise<void> {
    for (const each of days) {
      if (this.#known.has(each)) continue;
      const next = dayOf(Date.parse(each) + day);
      await this.#database.query(
        `create table if not exists ${tableOf(each)} partition of events for values from ('${each}') to ('${next}')`,
      );
      this.#known.add(each);
    }
  }

  /** Drops the days that ended before this time. Epoch milliseconds. */
  async dropBefore(time: number): Promise<void> {
    const rows = await this.#database.query<{ name: string }>(
      "select inhrelid::regclass::text as name from pg_inherits where inhparent = 'events'::regclass",
    );
    for (const { name } of rows) {
      const date = /^events_(\d{4})(\d\d)(\d\d)$/.exec(name);
      if (date === null) continue;
      const each = `${date[1]}-${date[2]}-${date[3]}`;
      if (Date.parse(each) + day > time) continue;
      await this.#database.query(`drop table ${tableOf(each)}`);
      this.#known.delete(each);
    }
  }
}

function tableOf(date: string): string {
  return `events_${date.replaceAll("-", "")}`;
}
