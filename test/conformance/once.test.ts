import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { silentLogger, type LigatureError, type TaskContext } from "ligature";
import { task } from "ligature/contract";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Broker } from "../../src/dist/broker/index.js";
import type { Message } from "../../src/dist/protocol/index.js";
import { brokers, redisUrl } from "../support/brokers.ts";
import { openBroker } from "../support/open.ts";
import { startOwn, type OwnService } from "../support/own-service.ts";
import { eventually, patience } from "../support/patience.ts";

type Keys = "again" | "run" | "fail" | "early" | "quiet" | "linked" | "linkedError";
const params = { key: z.string(), more: z.record(z.string(), z.unknown()).optional() };
const tasks = {
  run: task({ params, returns: z.string() }),
  fail: task({ params, returns: z.string() }),
  again: task({ params, returns: z.string(), retry: { limit: 3, delay: "10ms", jitter: false } }),
  early: task({ params, ack: "early" }),
  quiet: task({ params, ignoreResult: true }),
  linked: task({ params: { result: z.string(), key: z.string() } }),
  linkedError: task({ params: { key: z.string() } }),
};

interface Place {
  readonly name: string;
  readonly url: () => string;
  readonly app: () => { readonly backend?: string; readonly store?: string };
}

const places: readonly Place[] = [
  { name: "memory", url: () => "memory://", app: () => ({}) },
  ...brokers.slice(1).flatMap(({ name, url }): Place[] => [
    { name: `${name}, the store in Redis`, url, app: () => ({ store: redisUrl() }) },
    { name: `${name}, results and store in Redis`, url, app: () => ({ backend: redisUrl() }) },
  ]),
];

function start({ url, app }: Place, more: { readonly start?: boolean } = {}): Promise<OwnService<Keys>> {
  return startOwn<Keys>(url(), {
    tasks,
    app: app(),
    server: app(),
    ...more,
    handlers: ({ journal }) => {
      const run = async (key: string, _more: unknown, ctx: TaskContext): Promise<string> => {
        journal.write(key, ctx.id);
        await journal.order(key, ctx.signal);
        return `done ${key}`;
      };
      const fail = async (key: string, _more: unknown, ctx: TaskContext): Promise<never> => {
        await run(key, _more, ctx);
        throw new TypeError(`no ${key}`);
      };
      return {
        run: { run },
        early: { run },
        quiet: { run },
        fail: { run: fail },
        again: {
          run: (key: string, _more: unknown, ctx: TaskContext) => {
            journal.write(key, ctx.retries);
            if (ctx.retries < 2) throw new Error("not yet");
            return `after ${ctx.retries}`;
          },
        },
        linked: { run: (result: string, key: string, ctx: TaskContext) => journal.write(key, { result, id: ctx.id }) },
        linkedError: (key: string, ctx: TaskContext) => journal.write(key, { error: ctx.failure?.error.message, id: ctx.id }),
      };
    },
  });
}

/** Another program that puts messages into the queue, or takes them from it. */
async function withBroker(url: string, work: (broker: Broker) => Promise<void>): Promise<void> {
  const broker = openBroker(url, {
    name: "other",
    log: silentLogger,
    publishTimeout: patience,
    maxPayload: 1_000_000,
    maxUnconfirmed: 100,
  });
  try {
    await work(broker);
  } finally {
    await broker.close();
  }
}

/** Takes what was sent out of the queue. */
async function taken(broker: Broker, queue: string): Promise<Message> {
  return new Promise((resolve, reject) => {
    const consuming = broker.consume(queue, { prefetch: 1 }, (delivery) => {
      delivery.ack();
      consuming.then((consumer) => consumer.close()).then(() => resolve(delivery.message), reject);
    });
    consuming.catch(reject);
  });
}

const errorOf = (promise: Promise<unknown>): Promise<LigatureError> =>
  promise.then(
    () => expect.fail("It should have failed."),
    (error: LigatureError) => error,
  );

describe.each(places)("a send with an idempotency key, $name", (place) => {
  const idempotency = (): { readonly key: string; readonly for: "1h" } => ({ key: randomUUID(), for: "1h" });
  const wait = { timeout: patience };

  it("leads to one run, whose result all senders get, before its end and after", async () => {
    await using system = await start(place);
    const once = idempotency();
    const key = randomUUID();
    const first = await system.remote.run.applyAsync([key], { idempotency: once });
    const id = await system.journal.entry<string>(key);
    const others = [another(system, place).run, another(system, place).run] as const;
    const during = await Promise.all(others.map((run) => run.applyAsync([key], { idempotency: once })));
    const awaited = system.remote.run.with({ idempotency: once, timeout: patience })(key);
    // The call has joined when the result is awaited; whichever comes first, it is told.
    system.journal.give(key, "finish");
    expect(await first.get(wait)).toBe(`done ${key}`);
    expect(await Promise.all(during.map((each) => each.get(wait)))).toEqual([`done ${key}`, `done ${key}`]);
    expect(await awaited).toBe(`done ${key}`);
    const after = await others[0].applyAsync([key], { idempotency: once });
    expect(await after.get(wait)).toBe(`done ${key}`);
    expect([first, ...during, after].map((each) => each.id)).toEqual([id, id, id, id]);
    expect([first, ...during, after].map((each) => each.duplicate)).toEqual([false, true, true, true]);
    expect(system.journal.all(key)).toEqual([id]);
  });

  it("gives all senders its failure, too", async () => {
    await using system = await start(place);
    const once = idempotency();
    const key = randomUUID();
    const first = await system.remote.fail.applyAsync([key], { idempotency: once });
    const second = await another(system, place).fail.applyAsync([key], { idempotency: once });
    system.journal.give(key, "finish");
    for (const each of [first, second]) {
      expect(await errorOf(each.get(wait))).toMatchObject({ code: "TASK_FAILED", name: "TypeError", rawMessage: `no ${key}` });
    }
    const third = await system.remote.fail.applyAsync([key], { idempotency: once });
    expect(await errorOf(third.get(wait))).toMatchObject({ code: "TASK_FAILED", name: "TypeError", rawMessage: `no ${key}` });
    expect(system.journal.all(key)).toHaveLength(1);
  });

  it("refuses other arguments and other callbacks, but not another order of keys", async () => {
    await using system = await start(place);
    const once = idempotency();
    const key = randomUUID();
    system.journal.give(key, "finish");
    const { run } = system.remote;
    const [one, two] = [
      { a: 1, b: { c: 2, d: [3] } },
      { b: { d: [3], c: 2 }, a: 1 },
    ];
    const first = await run.applyAsync([key, one], { idempotency: once });
    expect(await (await run.applyAsync([key, two], { idempotency: once })).get(wait)).toBe(`done ${key}`);
    for (const attempt of [
      run.applyAsync([key, { ...one, a: 2 }], { idempotency: once }),
      run.applyAsync([key, one], { idempotency: once, link: system.tasks.linked.s("x") }),
      run.with({ idempotency: once })(key),
    ]) {
      expect(await errorOf(attempt)).toMatchObject({ code: "KEY_MISMATCH", details: { id: first.id } });
    }
    // A key is its task's own.
    const other = await system.remote.quiet.applyAsync([key], { idempotency: once });
    expect(other.duplicate).toBe(false);
    expect(await system.journal.entry(key, 1)).toBe(other.id);
  });

  it("is free again after the window", async () => {
    await using system = await start(place);
    const once = { key: randomUUID(), for: 1000 };
    const key = randomUUID();
    system.journal.give(key, "finish");
    const first = await system.remote.run.applyAsync([key], { idempotency: once });
    await first.get(wait);
    const again = await eventually(async () => {
      const sent = await system.remote.run.applyAsync([key], { idempotency: once });
      expect(sent.duplicate).toBe(false);
      return sent;
    });
    expect(again.id).not.toBe(first.id);
    expect(await again.get(wait)).toBe(`done ${key}`);
    expect(system.journal.all(key)).toHaveLength(2);
  });

  it("frees its key when it is revoked before it runs, and tells all senders", async () => {
    await using system = await start(place, { start: false });
    const once = idempotency();
    const key = randomUUID();
    system.journal.give(key, "finish");
    const first = await system.remote.run.applyAsync([key], { idempotency: once });
    const second = await another(system, place).run.applyAsync([key], { idempotency: once });
    expect(second.id).toBe(first.id);
    await first.revoke();
    await system.worker.start();
    expect(await errorOf(first.get(wait))).toMatchObject({ code: "REVOKED" });
    expect(await errorOf(second.get(wait))).toMatchObject({ code: "REVOKED" });
    const third = await system.remote.run.applyAsync([key], { idempotency: once });
    expect(third.duplicate).toBe(false);
    expect(await third.get(wait)).toBe(`done ${key}`);
  });

  it.each(["run", "fail"] as const)(
    "is recognised when its request comes again after its end, and what it owes is sent again: %s",
    async (name) => {
      await using system = await start(place, { start: false });
      const once = idempotency();
      const key = randomUUID();
      const callbacks = { link: system.tasks.linked.s(`${key}:link`), linkError: system.tasks.linkedError.si(`${key}:link`) };
      const sent = await system.remote[name].applyAsync([key], { ...callbacks, idempotency: once });
      let message: Message | undefined;
      await withBroker(system.broker, async (broker) => {
        message = await taken(broker, system.queue);
        await broker.publish({ ...message, exchange: "", routingKey: system.queue });
        await system.worker.start();
        expect(await system.journal.entry(key)).toBe(sent.id);
        system.journal.give(key, "finish");
        await sent.settle(wait);
        const owed = await system.journal.entry(`${key}:link`);
        await broker.publish({ ...message, exchange: "", routingKey: system.queue });
        expect(await system.journal.entry(`${key}:link`, 1)).toEqual(owed);
      });
      expect(system.journal.all(key)).toHaveLength(1);
      expect(owedBy(name, key)).toMatchObject(pick(await system.journal.entry(`${key}:link`)));
    },
  );

  it("runs one of two copies of its request at a time", async () => {
    await using system = await start(place, { start: false });
    const once = idempotency();
    const key = randomUUID();
    const sent = await system.remote.run.applyAsync([key], { idempotency: once });
    await withBroker(system.broker, async (broker) => {
      const message = await taken(broker, system.queue);
      for (let copy = 0; copy < 2; copy += 1) await broker.publish({ ...message, exchange: "", routingKey: system.queue });
    });
    await Promise.all([system.worker.start(), system.newWorker().start()]);
    await system.journal.entry(key);
    // Time for the other copy to be run, if it were.
    await pause(500);
    system.journal.give(key, "finish");
    expect(await sent.get(wait)).toBe(`done ${key}`);
    await pause(500);
    expect(system.journal.all(key)).toHaveLength(1);
  });

  it("counts for tasks without a result", async () => {
    await using system = await start(place);
    const once = idempotency();
    const key = randomUUID();
    system.journal.give(key, "finish");
    for (let send = 0; send < 3; send += 1) await system.remote.quiet.with({ idempotency: once })(key);
    const marker = randomUUID();
    system.journal.give(marker, "finish");
    await system.remote.run(marker);
    await system.journal.entry(key);
    expect(system.journal.all(key)).toHaveLength(1);
  });

  it("answers many senders at once by one run", async () => {
    await using system = await start(place);
    const once = idempotency();
    const key = randomUUID();
    system.journal.give(key, "finish");
    const many = await Promise.all(
      Array.from({ length: 50 }, () => system.remote.run.with({ idempotency: once, timeout: patience })(key)),
    );
    expect(new Set(many)).toEqual(new Set([`done ${key}`]));
    expect(system.journal.all(key)).toHaveLength(1);
  });

  it("is retried under its key", async () => {
    await using system = await start(place);
    const once = idempotency();
    const key = randomUUID();
    const first = await system.remote.again.applyAsync([key], { idempotency: once });
    expect(await first.get(wait)).toBe("after 2");
    const second = await another(system, place).again.applyAsync([key], { idempotency: once });
    expect(await second.get(wait)).toBe("after 2");
    expect(system.journal.all(key)).toEqual([0, 1, 2]);
  });

  it.each<[string, object, RegExp]>([
    ["no key", { for: "1h" }, /run: idempotency.key must be a string of 1 to 500 characters/],
    ["an empty key", { key: "", for: "1h" }, /idempotency.key must be/],
    ["no window", { key: "a" }, /idempotency.for/],
    ["a window that is too short", { key: "a", for: 1 }, /idempotency.for/],
    ["an unknown option", { key: "a", for: "1h", ttl: 1 }, /unknown option "ttl"/],
  ])("refuses %s", async (_what, wrong, message) => {
    await using system = await start(place, { start: false });
    const error = await errorOf(system.remote.run.with({ idempotency: wrong as never })("x"));
    expect(error).toMatchObject({ code: "INVALID_OPTION", rawMessage: expect.stringMatching(message) });
  });

  it("refuses a task that is acknowledged early", async () => {
    await using system = await start(place, { start: false });
    const error = await errorOf(system.remote.early.applyAsync(["x"], { idempotency: idempotency() }));
    expect(error).toMatchObject({
      code: "INVALID_OPTION",
      rawMessage: expect.stringMatching(/own.early can't be sent .* ack: "early"/),
    });
  });
});

const withoutStore = places.find(({ name }) => name !== "memory") as Place;

it("needs a store, and says how to give one", async () => {
  await using system = await start({ ...withoutStore, app: () => ({}) }, { start: false });
  const error = await errorOf(system.remote.run.with({ idempotency: { key: "a", for: "1h" } })("x"));
  expect(error).toMatchObject({
    code: "STORE_MISSING",
    rawMessage:
      'idempotency needs a store, which the app own-caller doesn\'t have: createApp({ store: "redis://…" }), or a backend at redis://, which is then the store as well.',
  });
});

it("fails in a worker without a store", async () => {
  await using system = await start({ ...withoutStore, app: () => ({}) });
  const sender = another(system, { ...withoutStore, app: () => ({ store: redisUrl() }) });
  const error = await errorOf(sender.run.with({ idempotency: { key: randomUUID(), for: "1h" }, timeout: patience })("x"));
  expect(error).toMatchObject({ code: "STORE_MISSING", rawMessage: expect.stringMatching(/the app own-worker doesn't have/) });
  expect(system.journal.all("x")).toEqual([]);
});

/** The tasks as another program has them. */
function another({ newApp, tasks: contract }: OwnService<Keys>, { app }: Place): OwnService<Keys>["remote"] {
  return newApp(app()).remote(contract as never);
}

function owedBy(name: "run" | "fail", key: string): object {
  return name === "run" ? { result: `done ${key}` } : { error: `no ${key}` };
}

function pick(entry: unknown): object {
  const { id: _id, ...rest } = entry as { readonly id: string };
  return rest;
}
