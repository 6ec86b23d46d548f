import { randomUUID } from "node:crypto";
import { DatabaseProblem, openMonitor, openStore, type Database, type Monitor } from "@ligature/monitor";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MadeUpSystem, Sender, type Fields } from "../support/made-up-system.ts";
import { eventually } from "../support/patience.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const folder = await temporaryFolder();
const place = `${folder.path}/monitor`;
let system: MadeUpSystem;
let database: Database;
let monitor: Monitor;

async function open(): Promise<void> {
  system = new MadeUpSystem();
  database = await openStore({ folder: place });
  monitor = await openMonitor({ broker: "amqp://nowhere", contracts: [], parts: { ...system.parts, database } });
}

async function close(): Promise<void> {
  await monitor.close();
  await database.close();
}

beforeAll(open);
afterAll(async () => {
  await close();
  await folder.remove();
});

/** Says it, and waits until it is kept. */
async function keep(...events: readonly unknown[]): Promise<void> {
  const before = system.settled;
  system.say(...events);
  await eventually(() => expect(system.settled).toBe(before + events.length));
}

async function page(path: string): Promise<string> {
  const answer = await monitor.fetch(new Request(`http://localhost${path}`, { headers: { accept: "text/html" } }));
  return (await answer.text()).replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
}

const rows = <T extends object>(sql: string): Promise<T[]> => database.query<T>(sql);

test("a task's state is the same in whatever order its events arrive, each kept once", async () => {
  const worker = new Sender("w@one");
  const events: Fields[] = [];
  const ids: string[] = [];
  // Six orders of three events, each event twice.
  for (const order of [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ] as const) {
    const uuid = randomUUID();
    ids.push(uuid);
    const own = worker.task({ uuid, name: "order.task", queue: "orders" });
    for (const index of order) events.push(own[index] ?? {}, own[index] ?? {});
  }
  // Some in one message, some each in its own.
  await keep(...events.slice(0, 18));
  for (const event of events.slice(18)) await keep(event);
  const found = await rows<{ id: string; state: string; queue: string }>(
    "select id, state, queue from runs where name = 'order.task'",
  );
  expect(found.map(({ id }) => id).sort()).toEqual(ids.sort());
  expect(new Set(found.map(({ state, queue }) => `${state} ${queue}`))).toEqual(new Set(["SUCCESS orders"]));
  // By what the first event of a task doesn't say, it isn't counted; the sums are right all the same.
  expect(await rows("select type, sum(count)::integer as count from counters group by type order by type")).toEqual([
    { type: "task-received", count: 6 },
    { type: "task-started", count: 6 },
    { type: "task-succeeded", count: 6 },
  ]);
  await eventually(async () => expect(await page("/")).toContain("18 events: twice."));
});

test("a retried task is what its last attempt is, and its history has them all", async () => {
  const worker = new Sender("w@retries");
  const uuid = randomUUID();
  const start = { uuid, name: "retried.task", root_id: uuid, parent_id: null, queue: "orders" };
  const first = [worker.event("task-received", { ...start, retries: 0 }), worker.event("task-started", { uuid })];
  const retried = worker.event("task-retried", { uuid, exception: "Timeout('no answer')", traceback: "first traceback" });
  const second = [worker.event("task-received", { ...start, retries: 1 }), worker.event("task-started", { uuid })];
  await keep(...first, retried);
  await keep(...second);
  expect(await page(`/runs/${uuid}`)).toMatch(/State started Attempt 2 /);
  await keep(worker.event("task-succeeded", { uuid, runtime: 1.5, result: "'done'" }));
  const shown = await page(`/runs/${uuid}`);
  expect(shown).toMatch(/State success Attempt 2 /);
  expect(shown).toContain("first traceback");
  expect(shown).toMatch(/received .* started .* retried .* received .* started .* succeeded /);
  expect(await page("/search?state=FAILURE&task=retried.task")).toContain("0 tasks");
});

test("what is no event is counted, and nothing breaks", async () => {
  const worker = new Sender("w@odd", { numbered: false });
  const uuid = randomUUID();
  await keep(
    undefined,
    null,
    7,
    "text",
    [],
    {},
    { type: "task-received", hostname: "w@odd", timestamp: "today", uuid },
    { type: "task-received", hostname: "w@odd", timestamp: Number.NaN, uuid },
    worker.event("task-received", { uuid: 5 }),
    worker.event("task-exploded", { uuid }),
    worker.event("__proto__", { uuid }),
    worker.event("task-received", { uuid: "old", timestamp: 1 }),
    worker.event("task-received", { uuid: "ahead", name: "odd.ahead", timestamp: Date.now() / 1000 + 86_400 * 400 }),
    worker.event("task-received", {
      uuid: "\u0000<script>\ud800",
      name: `odd.${"x".repeat(100_000)}`,
      args: { deep: [1] },
      retries: -4,
      eta: "never",
      expires: 7,
      root_id: 7,
      queue: { a: 1 },
    }),
    worker.event("task-progress", {
      uuid: "ahead",
      progress: { text: "\u0000\ud800 \\u0000", list: Array.from({ length: 10_000 }, () => 1) },
    }),
    worker.event("worker-heartbeat", { freq: -1, active: "many", loadavg: [null, "a", 1], sw_ident: 4 }),
  );
  await eventually(async () => expect(await page("/")).toContain("9 events: malformed."));
  const shown = await page("/");
  expect(shown).toContain("2 events: unknown type.");
  expect(shown).toContain("1 event: too old.");
  expect(shown).toContain("1 event: from the future.");
  expect(await page("/runs/ahead")).toContain("odd.ahead");
  expect(await page(`/runs/${encodeURIComponent("\ufffd<script>\ufffd")}`)).toContain("&lt;script&gt;");
});

test("numbered events that never arrive are missed; those that come late aren't, also after a restart", async () => {
  const worker = new Sender("w@gaps");
  const events = Array.from({ length: 10 }, () => worker.event("worker-heartbeat", { freq: 2 }));
  await keep(events[0], events[1], events[5]);
  await eventually(async () => expect(await page("/")).toContain("3 events of w@gaps never arrived"));
  await keep(events[3]);
  await close();
  await open();
  await eventually(async () => expect(await page("/")).toMatch(/Nothing was heard for .*: the monitor was not running\./));
  await keep(events[9]);
  // 2, 4, and 6 to 8.
  await eventually(async () => expect(await page("/")).toContain("5 events of w@gaps never arrived"));
});

test("when nothing is heard, the pages say since when and why; afterwards, how long it was", async () => {
  system.lose("ECONNREFUSED");
  expect(await page("/")).toMatch(/Nothing is heard from a made-up broker since .*: ECONNREFUSED\./);
  system.comeBack();
  await eventually(async () => expect(await page("/")).toMatch(/Nothing was heard for .* until .*: ECONNREFUSED\./));
  expect(await page("/")).not.toContain("Nothing is heard from");
});

test("a second monitor can't use the same folder", async () => {
  const { parts } = new MadeUpSystem();
  await expect(openMonitor({ broker: "amqp://nowhere", database: place, parts })).rejects.toThrow(
    `${place} is in use by process ${process.pid}. Stop it, or use another folder.`,
  );
});

test("thousands of tasks: the counters are those of the details, and of what was sent", async () => {
  const worker = new Sender("w@many");
  const tasks = 3_000;
  const events = Array.from({ length: tasks }, (_, index) =>
    worker.task(
      { uuid: randomUUID(), name: "many.task", queue: "many" },
      index % 10 === 0 ? `Broken${index % 3}('no')` : undefined,
    ),
  ).flat();
  for (let from = 0; from < events.length; from += 100) system.say(...events.slice(from, from + 100));
  await eventually(() => expect(monitor.statistics.waiting).toBe(0));
  const [sums] = await rows(`select
    (select sum(count)::integer from counters where name = 'many.task') as counted,
    (select count(*)::integer from events where run in (select id from runs where name = 'many.task')) as kept,
    (select count(*)::integer from runs where name = 'many.task' and state = 'SUCCESS') as succeeded,
    (select sum(count)::integer from errors where name = 'many.task') as failed,
    (select sum(count)::integer from histogram where name = 'many.task' and kind = 'run') as measured,
    (select last_seq - first_seq + 1 - count from boots where host = 'w@many')::integer as missing`);
  const failed = tasks / 10;
  expect(sums).toEqual({
    counted: tasks * 3,
    kept: tasks * 3,
    succeeded: tasks - failed,
    failed,
    measured: tasks - failed,
    missing: 0,
  });
  expect(await page("/search?task=many.task&error=Broken0")).toContain("100 tasks");
});

test("a database that refuses to be written: pages say so and show what happens now; afterwards all is counted", async () => {
  const refusal = new DatabaseProblem("cannot execute INSERT in a read-only transaction");
  let isReadOnly = true;
  const fragile: Database = {
    ...database,
    transaction: (statements) => (isReadOnly ? Promise.reject(refusal) : database.transaction(statements)),
  };
  const other = new MadeUpSystem();
  const second = await openMonitor({
    broker: "amqp://nowhere",
    contracts: [],
    maxWaiting: 100,
    parts: { ...other.parts, database: fragile },
  });
  try {
    const worker = new Sender("w@full");
    const shown = async (): Promise<string> => (await second.fetch(new Request("http://localhost/"))).text();
    other.say(...worker.task({ uuid: "seen-live", name: "full.running" }).slice(0, 2));
    await eventually(async () =>
      expect(await shown()).toMatch(/Nothing can be written to the database .*read-only transaction/s),
    );
    expect(await shown()).toMatch(/id="running".*full\.running/s);
    for (let index = 0; index < 100; index++)
      other.say(...worker.task({ uuid: `full-${index}`, name: "full.task", queue: "full" }));
    // What can't wait is done with at once: the broker needn't hold it.
    expect(other.settled).toBe(300 - 96);
    isReadOnly = false;
    await eventually(() => expect(second.statistics).toEqual({ received: 302, written: 98, waiting: 0, dropped: 204 }));
    await eventually(async () => expect(await shown()).toContain("204 events: details dropped."));
    expect(await shown()).not.toContain("Nothing can be written");
    expect(
      await rows("select type, sum(count)::integer as count from counters where name = 'full.task' group by type order by type"),
    ).toEqual([
      { type: "task-received", count: 100 },
      { type: "task-started", count: 100 },
      { type: "task-succeeded", count: 100 },
    ]);
    expect(await rows("select count(*)::integer as kept from runs where name = 'full.task'")).toEqual([{ kept: 32 }]);
    expect(await rows("select last_seq - first_seq + 1 - count as missing from boots where host = 'w@full'")).toEqual([
      { missing: 0 },
    ]);
  } finally {
    await second.close();
  }
});

test("an event that the database refuses is left out and counted, the others of its batch are kept", async () => {
  const fragile: Database = {
    ...database,
    transaction: (statements) =>
      JSON.stringify(statements).includes("poison")
        ? Promise.reject(new DatabaseProblem("invalid input"))
        : database.transaction(statements),
  };
  const other = new MadeUpSystem();
  const second = await openMonitor({ broker: "amqp://nowhere", contracts: [], parts: { ...other.parts, database: fragile } });
  try {
    const worker = new Sender("w@fine");
    const events = Array.from({ length: 9 }, (_, index) =>
      worker.event("task-received", { uuid: index === 4 ? "poison" : `fine-${index}`, name: "fine.task" }),
    );
    other.say(...events);
    await eventually(() => expect(other.settled).toBe(9));
    await eventually(async () =>
      expect(await rows("select count::integer from oddities where reason = 'refused by the database'")).toEqual([{ count: 1 }]),
    );
    expect(await rows("select count(*)::integer as kept from runs where name = 'fine.task'")).toEqual([{ kept: 8 }]);
  } finally {
    await second.close();
  }
});

test("what is older than is kept goes, its counts stay", async () => {
  const before = await rows("select sum(count)::integer as count from counters");
  const ago = (days: number) => Date.now() - days * 86_400_000;
  // Ten days ago, as a monitor then wrote it down.
  for (const at of [ago(10), ago(10) + 60_000]) {
    await database.transaction([
      {
        sql: `create table if not exists events_${dayText(at)} partition of events for values from ('${iso(at)}') to ('${iso(at + 86_400_000)}')`,
      },
      {
        sql: "insert into runs (id, name, state, rank, retries, first_at, last_at) values ($1, 'old.task', 'SUCCESS', 7, 0, to_timestamp($2), to_timestamp($2))",
        params: [`old-${at}`, at / 1000],
      },
      {
        sql: "insert into counters values (date_trunc('minute', to_timestamp($1)), 'old.task', 'q', 'task-succeeded', 5, 1)",
        params: [at / 1000],
      },
    ]);
  }
  await monitor.close();
  monitor = await openMonitor({ broker: "amqp://nowhere", contracts: [], parts: { ...system.parts, database } });
  await eventually(async () => expect(await rows("select 1 from runs where name = 'old.task'")).toEqual([]));
  await eventually(async () =>
    expect(await rows(`select to_regclass('events_${dayText(ago(10))}') is null as gone`)).toEqual([{ gone: true }]),
  );
  await eventually(async () =>
    expect(
      await rows(
        "select count(*)::integer as rows, sum(count)::integer as count, sum(runtime) as runtime from counters where name = 'old.task'",
      ),
    ).toEqual([{ rows: 1, count: 10, runtime: 2 }]),
  );
  expect(await rows("select sum(count)::integer - 10 as count from counters")).toEqual(before);
});

function iso(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function dayText(at: number): string {
  return iso(at).replaceAll("-", "");
}
