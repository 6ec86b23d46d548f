import type { TaskEvent, WorkerEvent } from "../events/index.ts";
import { dayOf, type Database, type Statement } from "../store/index.ts";
import type { KnownTask, KnownTasks } from "./known-tasks.ts";
import { addToPatch, type RunPatch } from "./run-patch.ts";
import { countingStatements, runStatement } from "./statements.ts";
import { Tally } from "./tally.ts";

/** How many different names, queues and errors one batch counts apart. */
const maxCounters = 10_000;

/** What is written of some task events, in one transaction. */
export interface Batch {
  readonly statements: readonly Statement[];
  readonly days: ReadonlySet<string>;
}

/**
 * Makes a batch of events: leaves out what is there already, and finds out the names that events don't say.
 * @throws DatabaseProblem
 */
export async function batchOf(
  database: Database,
  known: KnownTasks,
  events: readonly TaskEvent[],
  workers: readonly WorkerEvent[],
): Promise<Batch> {
  const unique = new Map(events.map((event) => [event.key, event]));
  const days = new Set<string>();
  for (const event of unique.values()) days.add(dayOf(event.at));
  const there = await keysThere(database, [...unique.keys()], days);
  const tally = new Tally(maxCounters);
  if (there.size + events.length - unique.size > 0) tally.addOddity("twice", there.size + events.length - unique.size);
  const fresh = [...unique.values()].filter(({ key }) => !there.has(key));
  await learnNames(database, known, fresh);
  const patches = new Map<string, RunPatch>();
  const rows: EventRow[] = [];
  // n.b. in their order: what is known of a task changes with each event.
  for (const event of fresh) {
    const task = known.learn(event);
    const retries = event.retries ?? task.retries;
    addToPatch(patches, event, retries);
    rows.push(eventRow(event, retries));
    tally.addTask(event, event.name ?? task.name ?? "", event.queue ?? task.queue ?? "", waitOf(event, task));
    tally.addSeq(event);
  }
  for (const event of workers) tally.addSeq(event);
  const statements = countingStatements(tally);
  if (fresh.length > 0) statements.unshift(eventStatement(rows), runStatement([...patches.values()]));
  return { statements, days };
}

/** Seconds that a task waited for its start. The clocks of two machines may say that it started before it was sent. */
export function waitOf(event: TaskEvent, task: KnownTask | undefined): number | undefined {
  const since = task?.sentAt ?? task?.receivedAt;
  return event.type === "task-started" && since !== undefined ? Math.max(0, event.at - since) / 1000 : undefined;
}

async function keysThere(database: Database, keys: readonly string[], days: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set();
  const rows = await database.query<{ key: string }>(
    "select replace(key::text, '-', '') as key from events where day = any($1::date[]) and key = any($2::uuid[])",
    [arrayOf([...days]), arrayOf(keys)],
  );
  return new Set(rows.map(({ key }) => key));
}

/** Of tasks that neither these events name nor earlier ones did, what the database knows: Celery names a task only once. */
async function learnNames(database: Database, known: KnownTasks, events: readonly TaskEvent[]): Promise<void> {
  const named = new Set(events.filter(({ name }) => name !== undefined).map(({ id }) => id));
  const unnamed = new Set(events.map(({ id }) => id).filter((id) => !named.has(id) && known.get(id)?.name === undefined));
  if (unnamed.size === 0) return;
  const rows = await database.query<{ id: string; name: string | null; queue: string | null; retries: number }>(
    "select id, name, queue, retries from runs where id = any(select jsonb_array_elements_text($1::jsonb))",
    [JSON.stringify([...unnamed])],
  );
  for (const { id, name, queue, retries } of rows) known.remember(id, name ?? undefined, queue ?? undefined, retries);
}

interface EventRow {
  readonly d: string;
  readonly k: string;
  readonly i: string;
  readonly t: string;
  readonly a: number;
  readonly r: number;
  readonly h: string;
  readonly n: number | undefined;
  readonly x: object | undefined;
}

function eventRow(event: TaskEvent, retries: number | undefined): EventRow {
  const { key, id, type, at, receivedAt, host } = event;
  return { d: dayOf(at), k: key, i: id, t: type, a: at, r: receivedAt, h: host, n: retries, x: detailsOf(event) };
}

function eventStatement(rows: readonly EventRow[]): Statement {
  return {
    sql: `insert into events (day, key, run, type, at, received_at, host, retries, details)
      select d, k, i, t, to_timestamp(a / 1000), to_timestamp(r / 1000), h, n, x
      from jsonb_to_recordset($1::jsonb)
        as e(d date, k uuid, i text, t text, a float8, r float8, h text, n integer, x jsonb)
      on conflict (day, key) do nothing`,
    params: [JSON.stringify(rows)],
  };
}

/** What the task's row doesn't keep of each attempt. */
function detailsOf(event: TaskEvent): object | undefined {
  const { progress, exception, traceback, runtime } = event;
  if (progress !== undefined) return { progress: JSON.parse(progress) as unknown };
  if (exception !== undefined) return { exception, traceback };
  return runtime === undefined ? undefined : { runtime };
}

/** PostgreSQL's text form of an array of simple values. */
function arrayOf(values: readonly string[]): string {
  return `{${values.join(",")}}`;
}
