import { randomUUID } from "node:crypto";
import { legacy } from "@ligature/legacy";
import { chain, chord, TaskError, type Failure } from "ligature";
import { beforeAll, describe, expect, it } from "vitest";
import { amqpUrl } from "../support/brokers.ts";
import { celeryClient, celeryVersion, startCeleryWorker } from "../support/celery.ts";
import { onQueue, startLab } from "../support/lab.ts";
import { patience } from "../support/patience.ts";

beforeAll(async () => {
  console.log(`Celery ${await celeryVersion()}`);
});

const python = (): { queue: string; contract: typeof legacy } => {
  const queue = `legacy-${randomUUID()}`;
  return { queue, contract: onQueue(legacy, queue) };
};

describe("TypeScript calls a Celery worker", () => {
  it("gets results, errors, dates, and renamed tasks", async () => {
    await using system = await startLab(amqpUrl());
    const { queue, contract } = python();
    await using _worker = await startCeleryWorker(queue);
    const remote = system.app.remote(contract);
    expect(await remote.add(2, 3)).toBe(5);
    expect(await remote.renamed("shout")).toBe("SHOUT");
    expect(await remote.tomorrow(new Date("2026-01-01T10:00:00Z"))).toEqual(new Date("2026-01-02T10:00:00Z"));
    const error = await remote.fail("bad value").catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TaskError);
    expect(error).toMatchObject({ name: "ValueError", message: "bad value", module: "builtins" });
    expect((error as TaskError).remoteStack).toContain("Traceback");
  });

  it("links TypeScript callbacks behind Python tasks, success and error, on a quorum queue", async () => {
    await using system = await startLab(amqpUrl());
    const { queue, contract } = python();
    await using worker = await startCeleryWorker(queue);
    const remote = system.app.remote(contract);
    await remote.add.applyAsync([2, 3], { link: system.lab.record.s("from python") });
    expect(await system.journal.entry("from python")).toMatchObject({ value: 5 });
    const failed = await remote.fail.applyAsync(["oops"], { linkError: system.lab.recordFailure.si("python failed") });
    await system.journal.entry("python failed");
    await expect(failed.get({ timeout: patience })).rejects.toMatchObject({ message: "oops" });
    expect(worker.log.join("\n")).not.toMatch(/Unrecoverable|Traceback.*amqp/);
  });

  it("links a Python callback behind a TypeScript task", async () => {
    await using system = await startLab(amqpUrl());
    const { queue, contract } = python();
    await using _worker = await startCeleryWorker(queue);
    const key = randomUUID();
    const result = await system.app.send(system.lab.add.si(20, 1).pipe(contract.store.s(key)));
    expect(await result.get({ timeout: patience })).toBe(key);
    expect(await system.app.remote(contract).stored(key)).toEqual([21]);
  });

  it("joins a chord of TypeScript tasks, without Redis, for a body in Python", async () => {
    await using system = await startLab(amqpUrl());
    const { queue, contract } = python();
    await using _worker = await startCeleryWorker(queue);
    const header = [1, 2, 3].map((value) => system.lab.double.si(value));
    expect(await (await system.app.send(chord(header, contract.total.s()))).get({ timeout: patience })).toBe(12);
    const failed = await system.app.send(chord([system.lab.explode.si("member")], contract.total.s()));
    await expect(failed.get({ timeout: patience })).rejects.toMatchObject({ name: "ChordError", cause: { message: "member" } });
    const mixed = system.app.send(chord([contract.add.si(1, 2)], system.lab.sum.s()));
    await expect(mixed).rejects.toThrow(/redis:/);
  });

  it("runs a chain through both languages and back", async () => {
    await using system = await startLab(amqpUrl());
    const { queue, contract } = python();
    await using _worker = await startCeleryWorker(queue);
    const result = await system.app.send(chain(system.lab.add.si(1, 2), contract.add.s(10), system.lab.double.s()));
    expect(await result.get({ timeout: patience })).toBe(26);
  });
});

describe("Celery calls a TypeScript worker", () => {
  it("gets results and errors as its own exception classes", async () => {
    await using system = await startLab(amqpUrl());
    const { queue } = python();
    const call = (task: string, args: unknown[]): Promise<Record<string, unknown>> =>
      celeryClient(queue, "call", { task, args, queue: system.queue });
    expect(await call("lab.add", [2, 3])).toEqual({ value: 5 });
    expect(await call("lab.explode", ["no"])).toMatchObject({
      error: "TypeError",
      message: expect.stringContaining("no"),
      state: "FAILURE",
    });
    expect(await call("lab.order", ["pen"])).toMatchObject({ error: "OutOfStock", state: "FAILURE" });
    expect(await call("lab.gone", [])).toMatchObject({ error: "NotRegistered", state: "FAILURE" });
    expect(await call("lab.add", ["a", 1])).toMatchObject({ state: "FAILURE", message: expect.stringContaining("a: ") });
  });

  it("links and chains TypeScript tasks", async () => {
    await using system = await startLab(amqpUrl());
    const { queue } = python();
    await using _worker = await startCeleryWorker(queue);
    await celeryClient(queue, "link", { task: "lab.add", args: [4, 4], key: "celery linked", queue: system.queue });
    expect(await system.journal.entry("celery linked")).toMatchObject({ value: 8 });
    await celeryClient(queue, "link", { task: "lab.explode", args: ["x"], key: "celery failed", queue: system.queue });
    const failure = await system.journal.entry<Failure>("celery failed");
    expect(failure.error).toMatchObject({ name: "TypeError", message: "x" });
    expect(await celeryClient(queue, "chain", { queue: system.queue })).toEqual({ value: 106 });
    await celeryClient(queue, "python_link", { key: "in python", queue: system.queue });
    expect(await system.journal.entry("in python")).toMatchObject({ value: 3 });
    // A Python worker says nothing of the error: the callback runs, ctx.failure is absent.
    expect(await system.journal.entry("in python failed")).toBeUndefined();
  });

  it("maps, starmaps and chunks TypeScript tasks", async () => {
    await using system = await startLab(amqpUrl());
    const { queue } = python();
    expect(await celeryClient(queue, "maps", { queue: system.queue })).toMatchObject({
      map: [2, 4, 6],
      starmap: [3, 7],
      chunks: [[0, 2], [4, 6], [8]],
      unknown: { error: "NotRegistered", state: "FAILURE" },
    });
  });

  it("may send integers that amqplib alone can't read", async () => {
    await using system = await startLab(amqpUrl());
    const { queue } = python();
    expect(await celeryClient(queue, "big_header", { task: "lab.add", args: [1, 1], queue: system.queue })).toEqual({ value: 2 });
    expect(await system.remote.add(1, 1)).toBe(2);
  });
});
