import { lab } from "@ligature/lab";
import { LigatureError, type Next, type RunCall } from "ligature";
import { describe, expect, it } from "vitest";
import { deadLetterQueue } from "../../src/dist/broker/index.js";
import { brokerBench, countReady } from "../support/broker-bench.ts";
import { brokers } from "../support/brokers.ts";
import { recordLog } from "../support/log-recorder.ts";
import { eventually, patience } from "../support/patience.ts";
import { startPoolLab } from "../support/pool-lab.ts";

const kinds = brokers.flatMap((broker) => (["thread", "process"] as const).map((execution) => ({ ...broker, execution })));
const calm = { timeout: patience };
const mebibyte = 1024 * 1024;

describe.each(kinds)("handlers in a $execution, on $name", ({ name, url, execution }) => {
  const options = { execution, concurrency: 1 } as const;

  it("take and return what a contract allows", async () => {
    await using system = await startPoolLab(url(), options);
    expect(await system.remote.add.with(calm)(1, 2)).toBe(3);
    const rich = {
      when: new Date(5),
      tags: new Set(["a"]),
      counts: new Map([["b", 1]]),
      big: 2n ** 70n,
      maybe: undefined,
    };
    expect(await system.remote.echo.with(calm)(rich)).toEqual(rich);
    expect(await system.remote.silent.with(calm)()).toBeUndefined();
    expect(await system.remote.greet.with(calm)("x", { loud: true }, undefined)).toBe("HELLO X");
    expect(await system.remote.gather.with(calm)([null, { a: [undefined] }], "k")).toEqual([null, { a: [undefined] }]);
  });

  it("have the same context: its facts, log, progress, signal and retry", async () => {
    const { log, lines } = recordLog();
    await using system = await startPoolLab(url(), options, { log });
    const waited = await system.remote.wait.delay("k");
    const reports: unknown[] = [];
    for await (const report of waited.progress()) reports.push(report);
    expect(await waited.get(calm)).toBe("lab.wait 0 k");
    expect(reports).toEqual([{ step: 1 }]);
    const line = lines.find(({ message }) => message === "a line of a handler");
    expect(line).toMatchObject({
      level: "warn",
      fields: { task: "lab.wait", id: waited.id, key: "k", at: new Date(0), err: { name: "RangeError", message: "logged" } },
    });
    expect(await system.remote.softLimited.with(calm)("k")).toBe("TIME_LIMIT");
    expect(await system.remote.patient.with(calm)("k", 2)).toBe(2);
    expect(await system.remote.flaky.with(calm)("four", 1)).toBe(4);
    await system.noted("onRetry four 0 failure 1");
    await system.noted("onSuccess four 4");
  });

  it("have what interceptors add to the context, as far as it is data", async () => {
    const add = async (_call: RunCall, next: Next) => next({ context: { tenant: "acme", database: () => {} } });
    await using system = await startPoolLab(url(), options, { server: { interceptors: { run: [add] } } });
    expect(await system.remote.describe.with(calm)(1, "tenant")).toBe("acme");
    await expect(system.remote.describe.with(calm)(1, "database")).rejects.toThrow(/ctx\.database was added by an interceptor/);
  });

  it("fail as others do: declared errors with their data, others by name and stack", async () => {
    await using system = await startPoolLab(url(), options);
    const declared = await system.remote.order
      .with(calm)("nails")
      .catch((error: unknown) => error);
    expect(declared).toBeInstanceOf(lab.errors.OutOfStock);
    expect(declared).toMatchObject({ data: { item: "nails", since: new Date("2026-01-02T03:04:05Z") } });
    const thrown = await system.remote.explode
      .with(calm)("no luck")
      .catch((error: unknown) => error);
    expect(thrown).toMatchObject({ name: "TypeError", message: "no luck", code: "TASK_FAILED" });
    expect((thrown as { remoteStack: string }).remoteStack).toMatch(/lab\.[jt]s/);
    await expect(system.remote.lie.with(calm)()).rejects.toMatchObject({ code: "INVALID_RESULT" });
  });

  it("run in signatures, map() and error callbacks", async () => {
    await using system = await startPoolLab(url(), options);
    const { lab: contract } = system;
    const chained = await system.app.send(contract.add.si(1, 2).pipe(contract.double.s()));
    expect(await chained.get(calm)).toBe(6);
    await system.app.send(contract.explode.si("boom").linkError(contract.recordFailure.si("callback")));
    await system.noted("callback TASK_FAILED boom");
  });

  it("are killed at the hard limit, and the next request runs", async () => {
    await using system = await startPoolLab(url(), options);
    const looping = await system.remote.hardLimited.delay("k");
    const next = await system.remote.add.delay(1, 2);
    await expect(looping.get(calm)).rejects.toMatchObject({ code: "TIME_LIMIT" });
    expect(await next.get(calm)).toBe(3);
  });

  it.each(["spin", "deaf", "hears"])("end when their request is revoked with terminate: %s", async (unit) => {
    const { log, lines } = recordLog();
    await using system = await startPoolLab(url(), options, { log });
    const result = await system.remote.describe.delay(1, unit);
    await system.noted(`${unit} false`);
    if (unit !== "spin")
      await eventually(() => expect(lines.some(({ message }) => /hears nothing|listens/.test(message))).toBe(true));
    await result.revoke({ terminate: true });
    await expect(result.get(calm)).rejects.toMatchObject({ code: "REVOKED" });
    if (unit === "hears") await system.noted("heard REVOKED");
    expect(await system.remote.add.with(calm)(1, 2)).toBe(3);
    expect(system.notes().filter((line) => line.startsWith(unit))).toHaveLength(1);
  });

  // How they die has nothing to do with the broker.
  const deaths = ["exit", ...(name === "memory" ? ["late", ...(execution === "process" ? ["abort"] : [])] : [])];
  it.each(deaths)("that take their %s with them run again until they have done so too often; others run on", async (unit) => {
    await using system = await startPoolLab(url(), options, { queue: { deliveryLimit: 2 } });
    const { lab: contract } = system;
    const poison = await system.app.send(contract.describe.si(1, unit).linkError(contract.recordFailure.si("lost")));
    await expect(poison.get(calm)).rejects.toMatchObject({ code: "WORKER_LOST", message: /lost its handler 2 times/ });
    await system.noted(/^lost WORKER_LOST/);
    expect(system.notes().filter((line) => line.startsWith(unit))).toEqual([`${unit} false`, `${unit} true`]);
    expect(await system.remote.add.with(calm)(1, 2)).toBe(3);
    const bench = brokerBench(() => system.broker).open();
    await eventually(async () => expect(await countReady(bench, deadLetterQueue(system.queue))).toBe(1));
  });

  it("that are acknowledged early have failed when they are lost", async () => {
    await using system = await startPoolLab(url(), options);
    await expect(system.remote.early.with(calm)("exit")).rejects.toMatchObject({ code: "WORKER_LOST" });
    expect(await system.remote.add.with(calm)(1, 2)).toBe(3);
  });

  it("that eat all memory end alone", async () => {
    await using system = await startPoolLab(
      url(),
      { ...options, maxMemoryPerChild: (execution === "process" ? 256 : 64) * mebibyte },
      { queue: { deliveryLimit: 1 } },
    );
    const eating = await system.remote.describe.delay(1, execution === "process" ? "eat" : "eatHeap");
    const next = await system.remote.add.delay(1, 2);
    await expect(eating.get(calm)).rejects.toMatchObject({ code: "WORKER_LOST", message: /maxMemoryPerChild/ });
    expect(await next.get(calm)).toBe(3);
  });

  it("move to another child after maxTasksPerChild requests", async () => {
    await using system = await startPoolLab(url(), { ...options, maxTasksPerChild: 2 });
    const places: string[] = [];
    for (let n = 0; n < 5; n += 1) places.push(await system.remote.describe.with(calm)(n, "place"));
    expect(places[1]).toBe(places[0]);
    expect(places[3]).toBe(places[2]);
    expect(new Set(places).size).toBe(3);
  });

  it("go back to the queue when the worker stops and they don't; what ends with it isn't a loss", async () => {
    await using system = await startPoolLab(url(), { ...options, shutdownTimeout: 10 });
    const result = await system.remote.describe.delay(1, "spin");
    await system.noted("spin false");
    await system.worker.stop();
    const bench = brokerBench(() => system.broker).open();
    await eventually(async () => expect(await countReady(bench, system.queue)).toBe(1));
    await result.revoke();
  });

  it("make calls that belong to their request", async (context) => {
    if (url().startsWith("memory:")) context.skip("no other process or thread reaches memory://");
    await using system = await startPoolLab(url(), { ...options, concurrency: 2 });
    const result = await system.remote.nested.delay("k");
    const inner = await result.get(calm);
    expect(inner).toMatchObject({ rootId: result.id, parentId: result.id });
    expect((await result.children(calm)).map(({ id }) => id)).toHaveLength(1);
  });
});

it.each(["thread", "process"] as const)(
  "TypeScript runs as it is in a %s, also where an import names what it will be compiled to",
  async (execution) => {
    const module = new URL("../support/lab-module.js", import.meta.url);
    await using system = await startPoolLab("memory://", { execution, concurrency: 1 }, { module });
    expect(await system.remote.add.with(calm)(1, 2)).toBe(3);
  },
);

describe.each(["thread", "process"] as const)("a worker with execution: %s is refused at its start", (execution) => {
  const start = (module: string): Promise<unknown> =>
    startPoolLab(
      "memory://",
      { execution, concurrency: 1 },
      { module: new URL(`../support/bad-modules/${module}`, import.meta.url) },
    );

  it.each([
    ["none.ts", /there is no module with handlers at .*none\.ts/],
    ["no-default.ts", /no default export.*satisfies/s],
    ["null.ts", /its default export is a null/],
    ["throws.ts", /not today/],
    ["missing.ts", /has no handler for "echo"/],
    ["starts-worker.ts", /every child would start one in turn/],
  ])("%s", async (module, message) => {
    const error = await start(module).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LigatureError);
    expect(error).toMatchObject({ code: module === "missing.ts" ? "NOT_REGISTERED" : "INVALID_OPTION", message });
  });
});
