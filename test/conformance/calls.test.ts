import { LigatureError, TaskError } from "ligature";
import { describe, expect, it } from "vitest";
import { brokers } from "../support/brokers.ts";
import { startLab } from "../support/lab.ts";
import { eventually, patience } from "../support/patience.ts";

describe.each(brokers)("calls on $name", ({ url }) => {
  it("returns a result like a function call", async () => {
    await using system = await startLab(url());
    expect(await system.remote.add(2, 3)).toBe(5);
  });

  it("answers many calls in flight, each with its own result", async () => {
    await using system = await startLab(url());
    const sums = await Promise.all(Array.from({ length: 500 }, (_, n) => system.remote.add(n, 1)));
    expect(sums).toEqual(Array.from({ length: 500 }, (_, n) => n + 1));
  });

  it("carries what JSON can't: Date, Set, Map, bigint, undefined", async () => {
    await using system = await startLab(url());
    const value = { when: new Date(), tags: new Set(["a", "b"]), counts: new Map([["x", 1]]), big: 2n ** 70n, maybe: undefined };
    expect(await system.remote.echo(value)).toEqual(value);
  });

  it("applies defaults at the worker and leaves optional arguments out", async () => {
    await using system = await startLab(url());
    expect(await system.remote.greet("ann")).toBe("hello ann");
    expect(await system.remote.greet("ann", {})).toBe("hello ann");
    expect(await system.remote.greet("ann", { loud: true })).toBe("HELLO ANN");
    expect(await system.remote.greet("ann", undefined, 2)).toBe("hello annhello ann");
  });

  it("refuses wrong arguments before anything is sent, with zod's paths", async () => {
    await using system = await startLab(url(), { start: false });
    const untyped = system.remote as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    const error = await untyped["greet"]?.("", { loud: "yes" }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LigatureError);
    expect(error).toMatchObject({ code: "INVALID_ARGUMENTS" });
    expect((error as Error).message).toMatch(/lab\.greet.*\nname: .*\noptions\.loud: .*boolean/);
  });

  it.each([
    ["too few", [1], /takes 2 argument\(s\), got 1/],
    ["too many", [1, 2, 3], /takes 2 argument\(s\), got 3/],
  ])("refuses %s arguments", async (_name, args, message) => {
    await using system = await startLab(url(), { start: false });
    const add = system.remote.add as unknown as (...args: unknown[]) => Promise<unknown>;
    await expect(add(...args)).rejects.toThrow(message);
  });

  it("throws an undeclared error as TaskError with name, message and remote stack", async () => {
    await using system = await startLab(url());
    const error = await system.remote.explode("boom").catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TaskError);
    expect(error).toMatchObject({ name: "TypeError", message: "boom", code: "TASK_FAILED" });
    expect((error as TaskError).remoteStack).toContain("TypeError: boom");
  });

  it("throws a declared error as its class, with typed data", async () => {
    await using system = await startLab(url());
    const error = await system.remote.order("pen").catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(system.lab.errors.OutOfStock);
    expect(error).toMatchObject({ name: "OutOfStock", data: { item: "pen", since: new Date("2026-01-02T03:04:05Z") } });
  });

  it("settles to a value, success or failure", async () => {
    await using system = await startLab(url());
    const good = await system.remote.add.delay(1, 1);
    expect(await good.settle()).toEqual({ ok: true, value: 2 });
    const bad = await system.remote.order.delay("ink");
    const outcome = await bad.settle();
    expect(outcome.ok).toBe(false);
    if (!outcome.ok) expect(outcome.error).toBeInstanceOf(system.lab.errors.OutOfStock);
    expect(await bad.state()).toBe("FAILURE");
    expect(await bad.ready()).toBe(true);
  });

  it("gives one result to every reader, early or late", async () => {
    await using system = await startLab(url());
    const result = await system.remote.add.delay(20, 1);
    expect(await Promise.all([result.get(), result.get()])).toEqual([21, 21]);
    expect(await result.get()).toBe(21);
  });

  it("refuses a result that the contract doesn't promise", async () => {
    await using system = await startLab(url());
    const error = await system.remote.lie().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "INVALID_RESULT" });
    expect((error as Error).message).toContain("truth");
  });

  it("ends a call at its deadline when nobody serves it", async () => {
    await using system = await startLab(url(), { start: false });
    // Once the broker is reached and the queue exists, sending takes next to nothing of the deadline.
    await system.remote.add.delay(0, 0);
    await expect(system.remote.add.with({ timeout: 2000 })(1, 2)).rejects.toMatchObject({ code: "TIMED_OUT" });
  });

  it("does not start what its caller has given up on", async () => {
    await using system = await startLab(url(), { start: false });
    await system.remote.add.delay(0, 0);
    await expect(system.remote.wait.with({ timeout: 2000 })("late")).rejects.toMatchObject({ code: "TIMED_OUT" });
    await system.worker.start();
    expect(await system.remote.add(1, 1)).toBe(2);
    expect(system.journal.all("wait:late")).toEqual([]);
  });

  it("tells the caller that an expired task was not started", async () => {
    await using system = await startLab(url(), { start: false });
    const result = await system.remote.add.applyAsync([1, 2], { expires: 1 });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await system.worker.start();
    await expect(result.get({ timeout: patience })).rejects.toMatchObject({ code: "EXPIRED" });
    expect(await result.state()).toBe("REVOKED");
  });

  it("stops waiting when the caller's signal is aborted", async () => {
    await using system = await startLab(url(), { start: false });
    const controller = new AbortController();
    const call = system.remote.add.with({ signal: controller.signal })(1, 2);
    controller.abort(new Error("changed my mind"));
    const error = await call.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "ABORTED", cause: { message: "changed my mind" } });
    await expect(system.remote.add.with({ signal: controller.signal })(1, 2)).rejects.toMatchObject({ code: "ABORTED" });
  });

  it("resolves an ignored result as soon as the broker has the request", async () => {
    await using system = await startLab(url());
    expect(await system.remote.quiet("q")).toBeUndefined();
    expect(await system.journal.entry("quiet:q")).toBe(true);
  });

  it("sends by wire name", async () => {
    await using system = await startLab(url());
    const result = await system.app.sendTask("lab.add", [4, 5]);
    expect(await result.get({ timeout: patience })).toBe(9);
    const unknown = system.app.sendTask as unknown as (name: string, args: unknown[]) => Promise<unknown>;
    await expect(unknown.call(system.app, "lab.nothing", [])).rejects.toMatchObject({ code: "NOT_REGISTERED" });
  });

  it("rejects at once when no queue of that name exists", async () => {
    await using system = await startLab(url());
    const sent = system.remote.add.applyAsync([1, 2], { queue: `${system.queue}-typo` });
    await expect(sent).rejects.toMatchObject({ code: "UNROUTABLE" });
    await expect(sent).rejects.toThrow(`${system.queue}-typo`);
  });

  it("passes root, parent and deadline on to calls made inside a handler", async () => {
    await using system = await startLab(url());
    const result = await system.remote.nested.delay("n");
    const seen = await result.get({ timeout: patience });
    expect(seen).toMatchObject({ rootId: result.id, parentId: result.id });
    const called = await system.remote.nested.with({ timeout: "7s" })("n");
    expect(called.deadline?.getTime()).toBeLessThanOrEqual(Date.now() + 7000);
  });

  it("does not take what happened to a handler's own call for what happened to the handler's task", async () => {
    // The one slot is taken by the caller itself, so the call that it makes can't be served in time.
    await using system = await startLab(url(), { worker: { concurrency: 1 }, server: { rpcTimeout: 200 } });
    const error = await (await system.remote.nested.delay("n")).get({ timeout: patience }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TaskError);
    expect(error).toMatchObject({ code: "TASK_FAILED", name: "LigatureError", message: expect.stringContaining("[TIMED_OUT]") });
  });

  it("reports progress in order, and ends the stream with the task", async () => {
    await using system = await startLab(url(), { worker: { progressInterval: 1 } });
    const result = await system.remote.wait.delay("p");
    const steps: number[] = [];
    const watching = (async () => {
      for await (const report of result.progress()) {
        steps.push(report.step);
        system.journal.give(`p:${report.step + 1}`, report.step === 3 ? "finish" : "continue");
      }
    })();
    system.journal.give("p:1", "continue");
    expect(await result.get({ timeout: patience })).toBe("finished after 3");
    await watching;
    expect(steps).toEqual([1, 2, 3]);
  });

  it("ends what is pending when the app is closed", async () => {
    await using system = await startLab(url(), { start: false });
    const other = system.newApp({ name: "closing" });
    const result = await other.remote(system.lab).add.delay(1, 2);
    const waiting = result.get();
    await Promise.all([expect(waiting).rejects.toMatchObject({ code: "CLOSED" }), other.close()]);
    await expect(other.remote(system.lab).add(1, 2)).rejects.toMatchObject({ code: "CLOSED" });
  });

  it("bounds the number of pending results", async () => {
    await using system = await startLab(url(), { start: false, app: { maxPending: 2 } });
    await system.remote.add.delay(1, 1);
    await system.remote.add.delay(1, 1);
    await expect(system.remote.add.delay(1, 1)).rejects.toMatchObject({ code: "NOT_SENT" });
  });

  it("forgets results that will not come any more, rather than refusing new calls", async () => {
    await using system = await startLab(url(), { start: false, app: { maxPending: 1, resultExpires: 1000 } });
    const lost = await system.remote.quiet.applyAsync(["x"], { ignoreResult: false });
    await eventually(() => system.remote.quiet.applyAsync(["y"], { ignoreResult: false }));
    await expect(lost.get()).rejects.toMatchObject({ code: "TIMED_OUT" });
  });

  it("refuses a payload over the limit", async () => {
    await using system = await startLab(url(), { app: { maxPayload: 1000 } });
    await expect(system.remote.greet("x".repeat(2000))).rejects.toMatchObject({ code: "PAYLOAD_TOO_LARGE" });
  });
});
