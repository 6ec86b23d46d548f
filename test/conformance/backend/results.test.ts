import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { ResultBackend } from "../../../src/dist/backend/index.js";
import type { StoredResult } from "../../../src/dist/protocol/index.js";
import { backendBench, backends, resultOf } from "../../support/backend-bench.ts";
import { expectCode } from "../../support/broker-bench.ts";
import { Inbox } from "../../support/inbox.ts";

const values: readonly (readonly [what: string, value: unknown])[] = [
  ["null", null],
  ["0", 0],
  ["false", false],
  ["the empty string", ""],
  ["text beyond ASCII", "Grüße, 漢字, 🐇"],
  ["a number with a fraction", -0.1],
  ["2^53 - 1", Number.MAX_SAFE_INTEGER],
  ["a list", [1, "a", null, [true]]],
  ["an object", { a: { b: [{}] }, "": 1 }],
  ["1 MB", "x".repeat(1_000_000)],
];

const results: readonly (readonly [what: string, result: Partial<StoredResult>])[] = [
  [
    "a success with annotations",
    { result: { at: "2026-01-02T03:04:05.000Z" }, ligature: { meta: { values: { at: ["Date"] }, v: 1 } } },
  ],
  [
    "a failure",
    {
      status: "FAILURE",
      result: { exc_type: "TypeError", exc_message: ["no"], exc_module: "builtins" },
      traceback: "TypeError: no\n  at x",
    },
  ],
  [
    "a declared error",
    {
      status: "FAILURE",
      result: {
        exc_type: "OutOfStock",
        exc_message: ["none left"],
        exc_module: "shop",
        ligature: { code: "TASK_FAILED", data: { item: 1 } },
      },
    },
  ],
  [
    "a revocation",
    { status: "REVOKED", result: { exc_type: "TaskRevokedError", exc_message: ["revoked"], exc_module: "celery.exceptions" } },
  ],
  ["a retry", { status: "RETRY", result: { exc_type: "Error", exc_message: ["again"], exc_module: "builtins" } }],
  ["a start", { status: "STARTED", result: { pid: 1, hostname: "h" } }],
  ["progress", { status: "PROGRESS", result: { done: 0.5 } }],
  ["children and a date", { children: [[["child", null], null]], date_done: "2026-01-02T03:04:05+00:00" }],
];

describe.each(backends)("results through $name", (urls) => {
  const bench = backendBench(urls);

  async function callerAndWorker() {
    const [caller, worker] = [bench.open().backend, bench.open().backend];
    await caller.start();
    const store = (result: StoredResult): Promise<void> =>
      worker.store(result, { replyTo: caller.replyTo, correlationId: result.task_id });
    return { caller, worker, store };
  }

  /** Each state that is stored from now on is sure to come: where results are kept, who has just begun to watch may hear the latest only. */
  async function watch(backend: ResultBackend, id: string) {
    const inbox = new Inbox<StoredResult>();
    const watching = backend.watch(id, inbox.put);
    await watching.caughtUp;
    return { inbox, watch: watching };
  }

  it.each(values)("carry %s", async (_what, value) => {
    const { caller, store } = await callerAndWorker();
    const id = randomUUID();
    const { inbox } = await watch(caller, id);
    await store(resultOf(id, value));
    expect(await inbox.next()).toMatchObject({ task_id: id, status: "SUCCESS", result: value });
  });

  it.each(results)("carry %s", async (_what, more) => {
    const { caller, store } = await callerAndWorker();
    const id = randomUUID();
    const { inbox } = await watch(caller, id);
    const result = { ...resultOf(id, null), ...more };
    await store(result);
    expect(await inbox.next()).toMatchObject(result);
  });

  it("come in the order in which they were stored", async () => {
    const { caller, store } = await callerAndWorker();
    const id = randomUUID();
    const { inbox } = await watch(caller, id);
    const steps = Array.from({ length: 100 }, (_, index) => resultOf(id, index, "PROGRESS"));
    await Promise.all([resultOf(id, null, "STARTED"), ...steps, resultOf(id, "end")].map(store));
    const received = await inbox.take(102);
    expect(received.map(({ status }) => status)).toEqual(["STARTED", ...steps.map(() => "PROGRESS"), "SUCCESS"]);
    expect(received.slice(1, 101).map(({ result }) => result)).toEqual(steps.map((_, index) => index));
  });

  it("come to who watches their id, of a thousand", async () => {
    const { caller, store } = await callerAndWorker();
    const ids = Array.from({ length: 1000 }, () => randomUUID());
    const watches = await Promise.all(ids.map(async (id) => ({ id, ...(await watch(caller, id)) })));
    await Promise.all(watches.toReversed().map(({ id }) => store(resultOf(id, id))));
    for (const { id, inbox } of watches) {
      expect((await inbox.next()).result).toBe(id);
      expect(inbox.unread).toBe(0);
    }
  });

  it("come to every watcher of an id, to each a watch of its own that can be closed", async () => {
    const { caller, store } = await callerAndWorker();
    const id = randomUUID();
    const [first, second, third] = await Promise.all([watch(caller, id), watch(caller, id), watch(caller, id)]);
    await store(resultOf(id, 1, "PROGRESS"));
    for (const { inbox } of [first, second, third]) expect((await inbox.next()).result).toBe(1);
    second.watch.close();
    second.watch.close();
    await store(resultOf(id, 2, "PROGRESS"));
    for (const { inbox } of [first, third]) expect((await inbox.next()).result).toBe(2);
    first.watch.close();
    await store(resultOf(id, 3));
    expect((await third.inbox.next()).result).toBe(3);
    expect([first.inbox.unread, second.inbox.unread, third.inbox.unread]).toEqual([0, 0, 0]);
  });

  it("may end their own watch while they are handed on", async () => {
    const { caller, store } = await callerAndWorker();
    const id = randomUUID();
    const once = new Inbox<StoredResult>();
    const closing = caller.watch(id, (result) => {
      once.put(result);
      closing.close();
    });
    const other = await watch(caller, id);
    await store(resultOf(id, 1, "PROGRESS"));
    await store(resultOf(id, 2));
    expect((await other.inbox.take(2)).map(({ result }) => result)).toEqual([1, 2]);
    expect((await once.next()).result).toBe(1);
    expect(once.unread).toBe(0);
  });

  it("go to the other watchers, and go on, when one throws an error", async () => {
    const { caller, store } = await callerAndWorker();
    const id = randomUUID();
    caller.watch(id, () => {
      throw new Error("thrown by a watcher");
    });
    const { inbox } = await watch(caller, id);
    await store(resultOf(id, 1, "PROGRESS"));
    await store(resultOf(id, 2));
    expect((await inbox.take(2)).map(({ result }) => result)).toEqual([1, 2]);
  });

  it("of ids that nobody watches are dropped, and those that follow are not", async () => {
    const { caller, store } = await callerAndWorker();
    const id = randomUUID();
    const { inbox } = await watch(caller, id);
    await store(resultOf(randomUUID(), "unwatched"));
    await store(resultOf(id, "watched"));
    expect((await inbox.next()).result).toBe("watched");
  });

  it("are copies: neither side sees what the other does to its objects", async () => {
    const { caller, store } = await callerAndWorker();
    const id = randomUUID();
    const [first, second] = await Promise.all([watch(caller, id), watch(caller, id)]);
    const value = { list: [1] };
    await store(resultOf(id, value, "PROGRESS"));
    value.list.push(2);
    const received = (await first.inbox.next()).result as typeof value;
    expect(received).toEqual({ list: [1] });
    received.list.push(3);
    await store(resultOf(id, value));
    expect(value).toEqual({ list: [1, 2] });
    await second.inbox.next();
    expect((await second.inbox.next()).result).toEqual({ list: [1, 2] });
  });

  it("are only what JSON carries", async () => {
    const { caller, store } = await callerAndWorker();
    const id = randomUUID();
    const { inbox } = await watch(caller, id);
    await store(resultOf(id, { at: new Date(0), gone: undefined, list: [undefined] }));
    expect((await inbox.next()).result).toStrictEqual({ at: "1970-01-01T00:00:00.000Z", list: [null] });
  });

  it("for a caller that has gone are no error", async () => {
    const { worker } = await callerAndWorker();
    const id = randomUUID();
    await worker.store(resultOf(id, 1), { replyTo: `ligature.reply.gone.${randomUUID()}`, correlationId: id });
  });

  it.each([undefined, ""])("without a reply queue (%j) are no error", async (replyTo) => {
    const { worker } = await callerAndWorker();
    await worker.store(resultOf(randomUUID(), 1), { replyTo, correlationId: undefined });
  });

  it("can be stored by a backend that was never started", async () => {
    const { backend } = bench.open();
    await backend.store(resultOf(randomUUID(), 1), { replyTo: backend.replyTo, correlationId: undefined });
  });

  it("come once, however often the backend was started", async () => {
    const { caller, store } = await callerAndWorker();
    await Promise.all([caller.start(), caller.start({ giveUpAt: Date.now() + 1000 }), caller.start()]);
    const id = randomUUID();
    const { inbox } = await watch(caller, id);
    await store(resultOf(id, 1, "PROGRESS"));
    await store(resultOf(id, 2));
    expect((await inbox.take(2)).map(({ result }) => result)).toEqual([1, 2]);
    expect(inbox.unread).toBe(0);
  });

  it("don't come after the watching backend was closed", async () => {
    const { caller, worker, store } = await callerAndWorker();
    const id = randomUUID();
    const { inbox } = await watch(caller, id);
    await store(resultOf(id, 1, "PROGRESS"));
    await inbox.next();
    const before = caller.watch(randomUUID(), () => {});
    await caller.close();
    await caller.close();
    before.close();
    await store(resultOf(id, 2, "PROGRESS"));
    // The worker's own watch proves that results do come, meanwhile.
    await worker.start();
    const own = await watch(worker, id);
    await worker.store(resultOf(id, 3), { replyTo: worker.replyTo, correlationId: id });
    let last = await own.inbox.next();
    while (last.result !== 3) last = await own.inbox.next();
    expect(inbox.unread).toBe(0);
  });

  it("are refused with CLOSED by a closed backend", async () => {
    const { backend } = bench.open();
    await backend.close();
    await expectCode(backend.start(), "CLOSED");
    await expectCode(backend.store(resultOf("id", 1), { replyTo: "q", correlationId: "id" }), "CLOSED");
    expect(() => backend.watch("id", () => {})).toThrow(expect.objectContaining({ code: "CLOSED" }));
  });
});
