import { randomUUID } from "node:crypto";
import { legacy } from "@ligature/legacy";
import { chain, TaskError, type Failure } from "ligature";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { amqpUrl } from "../support/brokers.ts";
import { celeryClient, celeryVersion, startCeleryWorker, type CeleryWorker } from "../support/celery.ts";
import { onQueue, startLab } from "../support/lab.ts";
import { patience } from "../support/patience.ts";
import { writePythonContracts, type PythonContracts } from "../support/python-contracts.ts";

let contracts: PythonContracts;
beforeAll(async () => {
  console.log(`Celery ${await celeryVersion()}`);
  contracts = await writePythonContracts();
});
afterAll(() => contracts[Symbol.asyncDispose]());

describe("a Python service calls TypeScript tasks through generated modules", () => {
  const client = (command: string, given: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> =>
    celeryClient("shop", command, given, { module: "typed_client", path: contracts.path });

  it("with positional, named and optional arguments, and gets typed results", async () => {
    await using system = await startLab(amqpUrl());
    expect(await client("results", { queue: system.queue })).toEqual({
      add: 5,
      greet: "hello ann",
      loud: "HELLO ANN",
      twice: "hello annhello ann",
      when: true,
      tags: ["a", "b"],
      counts: { x: 1.5 },
      big: true,
    });
  });

  it("and gets declared errors as the generated classes, with their data", async () => {
    await using system = await startLab(amqpUrl());
    expect(await client("errors", { queue: system.queue })).toEqual({
      declared: { item: "pen", year: 2026, text: expect.stringContaining("pen") },
      other: "no",
      state: "FAILURE",
    });
  });

  it("and links TypeScript callbacks, success and error", async () => {
    await using system = await startLab(amqpUrl());
    const key = randomUUID();
    await client("links", { queue: system.queue, key });
    expect(await system.journal.entry(`${key} linked`)).toMatchObject({ value: 8 });
    expect(await system.journal.entry(`${key} also`)).toMatchObject({ value: 8 });
    const failure = await system.journal.entry<Failure>(`${key} failed`);
    expect(failure.error).toMatchObject({ name: "TypeError", message: "x" });
    // What Python bound as a date is one again.
    expect(await system.journal.entry(`${key} rich`)).toMatchObject({
      value: { when: new Date("2026-01-31T12:00:00Z"), big: 1n, tags: new Set(), counts: new Map() },
      at: new Date("2026-01-31T12:00:00Z"),
    });
    expect(system.journal.all(`${key} not this`)).toEqual([]);
  });

  it("and chains tasks of both languages", async () => {
    await using system = await startLab(amqpUrl());
    const queue = `legacy-${randomUUID()}`;
    await using worker = await startCeleryWorker(queue, { module: "typed_service", path: contracts.path });
    const key = randomUUID();
    expect(await client("chains", { queue: system.queue, legacy: queue, key })).toEqual({ value: "106 m" });
    expect(await system.journal.entry(`${key} chained`)).toMatchObject({ value: 20 });
    await system.journal.entry(`${key} step failed`);
    await system.journal.entry(`${key} python failed`);
    expect(await system.journal.entry(`${key} own callback`)).toMatchObject({ value: 42 });
    expect(worker.log.join("\n")).not.toMatch(/Unrecoverable|Traceback.*amqp/);
  });

  it("and delays, expires, and calls tasks that Python serves", async () => {
    await using system = await startLab(amqpUrl());
    const queue = `legacy-${randomUUID()}`;
    await using _worker = await startCeleryWorker(queue, { module: "typed_service", path: contracts.path });
    const key = randomUUID();
    expect(await client("options", { queue: system.queue, legacy: queue, key })).toEqual({
      planned: 4,
      expired: "TaskRevokedError",
      scheduled: {
        at: "2026-01-31T13:00:00.000Z",
        count: String(2n ** 60n + 1n),
        label: "unnamed!",
        until: "2026-01-31T12:00:00.000Z",
      },
      refused: "full",
    });
    expect(await system.journal.entry(`${key} late`)).toMatchObject({ value: 2 });
  });
});

describe("TypeScript calls a Python service that implements the generated base", () => {
  let worker: CeleryWorker;
  const queue = `legacy-${randomUUID()}`;
  const contract = onQueue(legacy, queue);
  beforeAll(async () => {
    worker = await startCeleryWorker(queue, { module: "typed_service", path: contracts.path });
  });
  afterAll(() => worker[Symbol.asyncDispose]());

  it("gets results, under the names on the wire", async () => {
    await using system = await startLab(amqpUrl());
    const remote = system.app.remote(contract);
    expect(await remote.add(2, 3)).toBe(5);
    expect(await remote.renamed("shout")).toBe("SHOUT");
    expect(await remote.stored("nothing")).toEqual([]);
  });

  it("gets dates and bigints, and the defaults of what it leaves out", async () => {
    await using system = await startLab(amqpUrl());
    const remote = system.app.remote(contract);
    const at = new Date("2026-01-01T10:00:00Z");
    const later = new Date("2026-01-01T11:00:00Z");
    expect(await remote.tomorrow(at)).toEqual(new Date("2026-01-02T10:00:00Z"));
    expect(await remote.schedule(at, 2n ** 70n)).toEqual({ at: later, count: 2n ** 70n + 1n, label: "unnamed!", until: null });
    expect(await remote.schedule(at, 1n, "named", at)).toEqual({ at: later, count: 2n, label: "named!", until: at });
    expect(await remote.schedule(at, 1n, undefined, at)).toMatchObject({ label: "unnamed!", until: at });
  });

  it("gets declared errors as the contract's class, with data", async () => {
    await using system = await startLab(amqpUrl());
    const error = await system.app
      .remote(contract)
      .refuse("full")
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(contract.errors.Refused);
    expect(error).toMatchObject({ name: "Refused", data: { reason: "full", since: new Date("2026-01-02T03:04:05Z") } });
  });

  it("gets other errors as TaskError", async () => {
    await using system = await startLab(amqpUrl());
    const error = await system.app
      .remote(contract)
      .fail("bad value")
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TaskError);
    expect(error).toMatchObject({ name: "ValueError", message: "bad value", module: "builtins" });
  });

  it("links and chains its tasks", async () => {
    await using system = await startLab(amqpUrl());
    const key = randomUUID();
    const stored = await system.app.send(system.lab.add.si(20, 1).pipe(contract.store.s(key)));
    expect(await stored.get({ timeout: patience })).toBe(key);
    expect(await system.app.remote(contract).stored(key)).toEqual([21]);
    const result = await system.app.send(chain(system.lab.add.si(1, 2), contract.add.s(10), system.lab.double.s()));
    expect(await result.get({ timeout: patience })).toBe(26);
    await system.app.remote(contract).add.applyAsync([2, 3], { link: system.lab.record.s(key) });
    expect(await system.journal.entry(key)).toMatchObject({ value: 5 });
  });

  it.each([
    [{ args: ["yesterday", "1"] }, "ValueError", "legacy.schedule: at: Invalid isoformat string: 'yesterday'"],
    [{ args: [5, "1"] }, "ValueError", "legacy.schedule: at: a date is an ISO string, not 5"],
    [{ args: ["2026-01-31T12:00:00Z"] }, "TypeError", "legacy.schedule needs the argument 'count'"],
    [{ args: ["2026-01-31T12:00:00Z", 1.5] }, "ValueError", "legacy.schedule: count: a bigint is a string of digits, not 1.5"],
    [{ args: [1, 2, 3, 4, 5] }, "TypeError", "legacy.schedule takes 4 argument(s), got 5"],
    [{ kwargs: { when: 1 } }, "TypeError", "legacy.schedule has no parameter 'when', or got it twice"],
  ])("answers a message that doesn't fit with what is wrong: %j", async (given, error, message) => {
    const answer = await untyped({ task: "legacy.schedule", ...given });
    expect(answer).toEqual({ error, message });
  });

  it("also takes arguments by their names on the wire", async () => {
    const kwargs = { count: 6, until: null, at: "2026-01-31T12:00:00.000Z" };
    expect(await untyped({ task: "legacy.schedule", kwargs })).toMatchObject({ value: { count: "7", label: "unnamed!" } });
  });

  const untyped = (given: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> =>
    celeryClient("shop", "untyped", { queue, ...given }, { module: "typed_client", path: contracts.path });
});
