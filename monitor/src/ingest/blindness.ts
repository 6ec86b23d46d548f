import type { Database } from "../store/index.ts";

/** Writes down when nothing was heard. Never fails: what can't be written is known for as long as the monitor runs. */
export class Blindness {
  readonly #database: Database;
  /** Since when nothing is heard, and why. */
  #now: { readonly since: number; readonly reason: string } | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  get now(): { readonly since: number; readonly reason: string } | undefined {
    return this.#now;
  }

  /** From the last sign of the monitor that ran before until now. */
  async startAfterPause(): Promise<void> {
    this.#now = { since: Date.now(), reason: "not connected yet" };
    const rows = await this.#database
      .query<{ value: string }>("select value from settings where name = 'alive'")
      .catch((): { value: string }[] => []);
    const since = Number(rows[0]?.value);
    if (since > 0) this.#now = { since, reason: "the monitor was not running" };
  }

  lost(reason: string): void {
    this.#now ??= { since: Date.now(), reason };
  }

  async connected(): Promise<void> {
    const before = this.#now;
    this.#now = undefined;
    if (before === undefined || before.reason === "not connected yet") return;
    await this.#database
      .query(
        "insert into blind (since, until, reason) values (to_timestamp($1::float8 / 1000), to_timestamp($2::float8 / 1000), $3)",
        [before.since, Date.now(), before.reason],
      )
      .catch(() => undefined);
  }
}
