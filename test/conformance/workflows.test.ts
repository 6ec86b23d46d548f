import { chain, type Failure } from "ligature";
import { describe, expect, it } from "vitest";
import { brokers } from "../support/brokers.ts";
import { startLab } from "../support/lab.ts";
import { patience } from "../support/patience.ts";

interface Recorded {
  readonly value: unknown;
  readonly ctx: { readonly parentId: string | undefined; readonly rootId: string };
}

describe.each(brokers)("workflows on $name", ({ url }) => {
  it("sends a success callback with the result first, then its bound arguments", async () => {
    await using system = await startLab(url());
    const result = await system.remote.add.applyAsync([1, 2], { link: system.lab.record.s("linked") });
    const seen = await system.journal.entry<Recorded>("linked");
    expect(seen.value).toBe(3);
    expect(seen.ctx).toMatchObject({ parentId: result.id, rootId: result.id });
  });

  it("gives a callback the rich result and its own rich bound arguments", async () => {
    await using system = await startLab(url());
    const value = { when: new Date(), tags: new Set(["a"]), counts: new Map([["x", 1]]), big: 1n, maybe: undefined };
    const at = new Date("2026-05-06T07:08:09.010Z");
    await system.remote.echo.applyAsync([value], { link: system.lab.recordRich.s("rich", at) });
    expect(await system.journal.entry("rich")).toEqual({ value, at });
  });

  it("sends every callback of several", async () => {
    await using system = await startLab(url());
    await system.remote.add.applyAsync([1, 2], {
      link: [system.lab.record.s("one"), system.lab.record.s("two"), system.lab.record.si(9, "three")],
    });
    expect(await system.journal.entry<Recorded>("one")).toMatchObject({ value: 3 });
    expect(await system.journal.entry<Recorded>("two")).toMatchObject({ value: 3 });
    expect(await system.journal.entry<Recorded>("three")).toMatchObject({ value: 9 });
  });

  it("sends an error callback with what failed beside its arguments", async () => {
    await using system = await startLab(url());
    const result = await system.remote.order.applyAsync(["pen"], {
      linkError: system.lab.recordFailure.si("failed"),
      link: system.lab.record.s("never"),
    });
    const failure = await system.journal.entry<Failure>("failed");
    expect(failure.request).toMatchObject({ id: result.id, task: "lab.order", args: ["pen"], retries: 0 });
    expect(failure.error).toMatchObject({ name: "OutOfStock" });
    expect(failure.error.data).toMatchObject({ item: "pen" });
    expect(system.journal.all("never")).toEqual([]);
  });

  it("calls the local onFailure in the worker", async () => {
    await using system = await startLab(url());
    await system.remote.explode.delay("local");
    expect(await system.journal.entry("onFailure:local")).toMatchObject({
      error: { message: "local" },
      request: { args: ["local"] },
    });
  });

  it("sends error callbacks for wrong arguments that only the worker could see", async () => {
    await using system = await startLab(url());
    // A success callback whose parent returns a number that the callback's own schema accepts, bound key of the wrong type.
    const wrong = system.lab.record.s(42 as unknown as string);
    await expect(system.remote.add.applyAsync([1, 2], { link: wrong })).rejects.toMatchObject({ code: "INVALID_ARGUMENTS" });
  });

  it("runs a chain, each step with the result before it", async () => {
    await using system = await startLab(url());
    const { lab, app } = system;
    const result = await app.send(chain(lab.add.si(1, 2), lab.double.s(), lab.double.s(), lab.describe.s("apples")));
    expect(await result.get({ timeout: patience })).toBe("12 apples");
  });

  it("pipes, and links behind a chain", async () => {
    await using system = await startLab(url());
    const { lab, app } = system;
    await app.send(lab.add.si(1, 2).pipe(lab.double.s()).link(lab.record.s("chained")));
    expect(await system.journal.entry<Recorded>("chained")).toMatchObject({ value: 6 });
  });

  it("runs a chain as a success callback", async () => {
    await using system = await startLab(url());
    const { lab, remote } = system;
    await remote.add.applyAsync([1, 2], { link: chain(lab.double.s(), lab.double.s().link(lab.record.s("nested chain"))) });
    expect(await system.journal.entry<Recorded>("nested chain")).toMatchObject({ value: 12 });
  });

  it("fails a chain's result with the failing step's error, and sends its error callback once", async () => {
    await using system = await startLab(url());
    const { lab, app } = system;
    const result = await app.send(
      chain(lab.add.si(1, 2), lab.explode.si("midway"), lab.double.s()).linkError(lab.recordFailure.si("chain failed")),
    );
    await expect(result.get({ timeout: patience })).rejects.toMatchObject({ name: "TypeError", message: "midway" });
    expect((await system.journal.entry<Failure>("chain failed")).request.task).toBe("lab.explode");
    expect(await system.remote.add(1, 1)).toBe(2);
    expect(system.journal.all("chain failed")).toHaveLength(1);
  });

  it("runs a callback that was sent before its service ever ran", async () => {
    await using system = await startLab(url(), { start: false });
    await system.remote.add.applyAsync([2, 2], { link: system.lab.record.s("later") });
    await system.worker.start();
    expect(await system.journal.entry<Recorded>("later")).toMatchObject({ value: 4 });
  });

  it("refuses a mutable signature on its own, and a mutable error callback, from untyped code", async () => {
    await using system = await startLab(url(), { start: false });
    const { lab, app } = system;
    await expect(app.send(lab.double.s() as never)).rejects.toThrow(/lab\.double\.s\(…\) waits for a parent's result/);
    expect(() => lab.add.si(1, 2).linkError(lab.double.s() as never)).toThrow(/Build it with \.si/);
  });

  it("counts down", async () => {
    await using system = await startLab(url());
    const before = Date.now();
    const result = await system.remote.add.applyAsync([1, 2], { countdown: 300 });
    expect(await result.get({ timeout: patience })).toBe(3);
    expect(Date.now() - before).toBeGreaterThanOrEqual(300);
  });

  it("retries as the contract says, and tells the hook", async () => {
    await using system = await startLab(url());
    const result = await system.remote.flaky.delay("f", 2);
    expect(await result.get({ timeout: patience })).toBe(2);
    expect(system.journal.all("flaky:f")).toEqual([0, 1, 2]);
    expect(system.journal.all("onRetry:f")).toEqual([0, 1]);
    expect(await system.journal.entry("onSuccess:f")).toBe(2);
  });

  it("fails when the retries are used up", async () => {
    await using system = await startLab(url());
    const result = await system.remote.flaky.applyAsync(["g", 99], { linkError: system.lab.recordFailure.si("gave up") });
    await expect(result.get({ timeout: patience })).rejects.toMatchObject({ message: "failure 4" });
    expect((await system.journal.entry<Failure>("gave up")).request.retries).toBe(3);
  });

  it("retries when the handler asks for it", async () => {
    await using system = await startLab(url());
    const result = await system.remote.patient.delay("h", 2);
    expect(await result.get({ timeout: patience })).toBe(2);
    const tooMany = await system.remote.patient.delay("i", 99);
    await expect(tooMany.get({ timeout: patience })).rejects.toMatchObject({ name: "MaxRetriesExceededError" });
    expect(system.journal.all("patient:i")).toHaveLength(6);
  });

  it("does not retry a declared error", async () => {
    await using system = await startLab(url());
    await expect(system.remote.order("pen")).rejects.toMatchObject({ name: "OutOfStock" });
  });
});
