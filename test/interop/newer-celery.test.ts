import { randomUUID } from "node:crypto";
import { legacy } from "@ligature/legacy";
import { chain } from "ligature";
import type { Contract } from "ligature/generated";
import { describe, expect, it, type TestContext } from "vitest";
import { amqpUrl } from "../support/brokers.ts";
import { celeryClient, celeryVersion, startCeleryWorker } from "../support/celery.ts";
import { onQueue, startLab } from "../support/lab.ts";
import { patience } from "../support/patience.ts";

const queueName = (): string => `legacy-${randomUUID()}`;

/** The same contract on a quorum queue. */
function onQuorumQueue<C extends Contract>(contract: C, name: string): C {
  const { spec } = contract["~generated"];
  const queue = { ...spec.queue, type: "quorum" as const };
  const tasks = new Map([...spec.tasks].map(([key, task]) => [key, { ...task, queue }]));
  return onQueue({ ...contract, "~generated": { ...contract["~generated"], spec: { ...spec, queue, tasks } } }, name);
}

async function needs(version: readonly [number, number], context: TestContext): Promise<void> {
  const text = await celeryVersion();
  const [major = 0, minor = 0] = text.split(".").map((part) => Number.parseInt(part, 10));
  if (major < version[0] || (major === version[0] && minor < version[1]))
    context.skip(`Celery ${version.join(".")} can do this, and here is ${text}`);
}

describe("values that Python's JSON has a form for", () => {
  it("are read in plain contracts: arguments of a step, with a datetime as eta and expiry, and results", async () => {
    await using system = await startLab(amqpUrl());
    const queue = queueName();
    const id = randomUUID();
    expect(await celeryClient(queue, "typed", { id, queue: system.queue })).toEqual({ value: `3 ${id}` });
    await using _worker = await startCeleryWorker(queue);
    const contract = onQueue(legacy, queue);
    expect(await system.app.remote(contract).renamed(id)).toBe(id);
    const described = chain(contract.renamed.si(id), system.lab.describe.si(1, id));
    expect(await (await system.app.send(described)).get({ timeout: patience })).toBe(`1 ${id}`);
  });

  it("are passed on as they came by TypeScript workers", async () => {
    await using system = await startLab(amqpUrl());
    const queue = queueName();
    await using _worker = await startCeleryWorker(queue);
    const given = `{"args": [9007199254740993, 1.0, 0.5], "queue": "${system.queue}"}`;
    const { value } = await celeryClient(queue, "exact", given);
    expect(value).toEqual(["9007199254740993", "1.0", "0.5"]);
  });
});

describe("a Celery app with quorum queues", () => {
  it.for(["TypeScript", "Python"])("is called where %s comes first", async (first, context) => {
    await needs([5, 5], context);
    await using system = await startLab(amqpUrl());
    const queue = queueName();
    const contract = onQuorumQueue(legacy, queue);
    const remote = system.app.remote(contract);
    const early = first === "TypeScript" ? await remote.add.delay(1, 2) : undefined;
    await using _worker = await startCeleryWorker(queue, { queues: "quorum" });
    if (early !== undefined) expect(await early.get({ timeout: patience })).toBe(3);
    expect(await remote.add(2, 3)).toBe(5);
    // A contract that doesn't say so uses the queue as it is.
    expect(await system.newApp().remote(onQueue(legacy, queue)).add(3, 4)).toBe(7);
  });

  it("sends TypeScript callbacks with a countdown where they belong, and its own task succeeds", async () => {
    await using system = await startLab(amqpUrl());
    const queue = queueName();
    await using worker = await startCeleryWorker(queue, { queues: "quorum" });
    const remote = system.app.remote(onQueue(legacy, queue));
    for (const countdown of ["300ms", "1.5s"] as const) {
      const key = `after ${countdown}`;
      const result = await remote.add.applyAsync([2, 3], { link: system.lab.record.s(key).set({ countdown }) });
      expect(await result.get({ timeout: patience })).toBe(5);
      const ended = Date.now();
      expect(await system.journal.entry(key)).toMatchObject({ value: 5 });
      expect(Date.now() - ended).toBeGreaterThan(countdown === "1.5s" ? 1000 : 0);
    }
    const steps = chain(onQueue(legacy, queue).add.si(1, 2), system.lab.double.s().set({ countdown: "200ms" }));
    expect(await (await system.app.send(steps)).get({ timeout: patience })).toBe(6);
    expect(worker.log.join("\n")).not.toMatch(/NotRegistered|Unrecoverable|unregistered/);
  });
});

describe("Celery's stamps", () => {
  it("pass TypeScript workers, and revoke_by_stamped_headers reaches them", async (context) => {
    await needs([5, 3], context);
    await using system = await startLab(amqpUrl());
    const queue = queueName();
    await using _worker = await startCeleryWorker(queue);
    expect(await celeryClient(queue, "stamped", { queue: system.queue })).toEqual({
      value: { value: 6, stamps: { tenant: "acme" }, stamped: ["tenant"] },
    });
    const later = (tenant: string): Promise<Record<string, unknown>> =>
      celeryClient(queue, "stamped later", { tenant, queue: system.queue });
    expect(await later("acme")).toMatchObject({ error: "TaskRevokedError", state: "REVOKED" });
    expect(await later("other")).toMatchObject({ value: 3 });
  });
});
