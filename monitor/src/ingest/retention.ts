import { Days, type Database } from "../store/index.ts";

const hour = 3_600_000;
/** How many rows are deleted at a time, so that what is written in between doesn't wait for long. */
const atOnce = 5_000;

/** Drops details that are older than `keep` milliseconds; after that, counters of minutes become those of hours, with the same sums. */
export async function dropOldDetails(database: Database, keep: number, signal: AbortSignal): Promise<void> {
  const before = Date.now() - keep;
  await new Days(database).dropBefore(before);
  for (;;) {
    if (signal.aborted) return;
    const rows = await database.query(
      `delete from runs where id in (select id from runs where first_at < to_timestamp($1::float8 / 1000) and last_at < to_timestamp($1::float8 / 1000)
        order by first_at limit ${atOnce}) returning 1`,
      [before],
    );
    if (rows.length < atOnce) break;
  }
  const wholeHour = Math.floor(before / hour) * hour;
  for (const [table, keys, sums] of [
    ["counters", ["name", "queue", "type"], ["count", "runtime"]],
    ["errors", ["name", "error"], ["count"]],
  ] as const) {
    if (signal.aborted) return;
    await database.query(
      `with gone as (delete from ${table} where minute < to_timestamp($1::float8 / 1000) and minute <> date_trunc('hour', minute) returning *)
        insert into ${table} as c (minute, ${[...keys, ...sums].join(", ")})
        select date_trunc('hour', minute), ${keys.join(", ")}, ${sums.map((each) => `sum(${each})`).join(", ")} from gone
        group by date_trunc('hour', minute), ${keys.join(", ")}
        on conflict (minute, ${keys.join(", ")}) do update set ${sums.map((each) => `${each} = c.${each} + excluded.${each}`).join(", ")}`,
      [wholeHour],
    );
  }
}
