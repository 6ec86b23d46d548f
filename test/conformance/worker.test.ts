import type { LabHandlers, LabRemote } from "@ligature/lab";
import { LigatureError, type TaskContext } from "ligature";
import { describe, expect, it } from "vitest";
import { brokers } from "../support/brokers.ts";
import type { Journal } from "../support/journal.ts";
import { labHandlers, startLab } from "../support/lab.ts";
import { patience } from "../support/patience.ts";

describe.each(brokers)("worker on $name", ({ url }) => {
  it("aborts ctx.signal at the soft time limit", async () => {
    await using system = await startLab(url());
    expect(await system.remote.softLimited("soft")).toBe("cleaned up");
  });

  it("gives up on a handler at the hard time limit", async () => {
    await using system = await startLab(url());
    await expect(system.remote.hardLimited("hard")).rejects.toMatchObject({ code: "TIME_LIMIT" });
  });

  it("does not start a revoked task", async () => {
    await using system = await startLab(url(), { worker: { concurrency: 1, prefetch: 10 } });
    const blocking = await system.remote.wait.delay("blocks");
    await system.journal.entry("wait:blocks");
    const revoked = await system.remote.wait.delay("revoked");
    await revoked.revoke();
    // Revocations and requests travel on different paths: only when one that was sent later has arrived is the first one known.
    await blocking.revoke({ terminate: true });
    await expect(blocking.get({ timeout: patience })).rejects.toMatchObject({ code: "REVOKED" });
    await expect(revoked.get({ timeout: patience })).rejects.toMatchObject({ code: "REVOKED" });
    expect(system.journal.all("wait:revoked")).toEqual([]);
  });

  it("aborts a running task that is revoked with terminate", async () => {
    await using system = await startLab(url());
    const result = await system.remote.wait.delay("t");
    const ctx = await system.journal.entry<TaskContext>("wait:t");
    await result.revoke({ terminate: true });
    await expect(result.get({ timeout: patience })).rejects.toMatchObject({ code: "REVOKED" });
    expect(ctx.signal.aborted).toBe(true);
    expect(await result.state()).toBe("REVOKED");
  });

  it("finishes what runs before it stops, and leaves the rest in the queue", async () => {
    await using system = await startLab(url(), { worker: { concurrency: 1, prefetch: 5 } });
    const running = await system.remote.wait.delay("drain");
    await system.journal.entry("wait:drain");
    const waiting = await system.remote.add.delay(1, 2);
    const stopped = system.worker.stop();
    system.journal.give("drain:1", "finish");
    expect(await running.get({ timeout: patience })).toBe("finished after 0");
    await stopped;
    expect(await waiting.ready()).toBe(false);
    const second = system.newApp({ name: "second" }).worker(system.lab, labOf(system.journal, system.remote));
    await second.start();
    expect(await waiting.get({ timeout: patience })).toBe(3);
  });

  it("aborts and returns what outlasts the shutdown timeout", async () => {
    await using system = await startLab(url(), { worker: { shutdownTimeout: 50 } });
    const result = await system.remote.wait.delay("stubborn");
    await system.journal.entry("wait:stubborn");
    await system.worker.stop();
    expect(await result.ready()).toBe(false);
    const second = system.newApp({ name: "second" }).worker(system.lab, labOf(system.journal, system.remote));
    await second.start();
    const again = await system.journal.entry<TaskContext>("wait:stubborn", 1);
    expect(again.redelivered).toBe(true);
    system.journal.give("stubborn:1", "finish");
    expect(await result.get({ timeout: patience })).toBe("finished after 0");
  });

  it("runs at most as many requests as its concurrency says", async () => {
    await using system = await startLab(url(), { worker: { concurrency: 2, prefetch: 10 } });
    const results = await Promise.all(["a", "b", "c"].map((key) => system.remote.wait.delay(key)));
    await Promise.all([system.journal.entry("wait:a"), system.journal.entry("wait:b")]);
    expect(system.journal.all("wait:c")).toEqual([]);
    system.journal.give("a:1", "finish");
    await system.journal.entry("wait:c");
    system.journal.release();
    await Promise.all(results.map((result) => result.get({ timeout: patience })));
  });

  it("shares a queue between workers", async () => {
    await using system = await startLab(url(), { worker: { concurrency: 1 } });
    const second = system.newApp({ name: "second" }).worker(system.lab, labOf(system.journal, system.remote), { concurrency: 1 });
    await second.start();
    const results = await Promise.all([system.remote.wait.delay("x"), system.remote.wait.delay("y")]);
    await Promise.all([system.journal.entry("wait:x"), system.journal.entry("wait:y")]);
    system.journal.release();
    await Promise.all(results.map((result) => result.get({ timeout: patience })));
  });

  it("acknowledges an early-ack task before it runs", async () => {
    await using system = await startLab(url());
    expect(await system.remote.early("e")).toBe("e");
  });

  it("refuses handlers that are missing, misspelt or no functions", async () => {
    await using system = await startLab(url(), { start: false });
    const handlers = labOf(system.journal, system.remote);
    const { add: _add, ...without } = handlers;
    expect(() => system.app.worker(system.lab, without as never)).toThrow(/no handler for "add"/);
    expect(() => system.app.worker(system.lab, { ...handlers, ad: () => 1 } as never)).toThrow(/no task "ad"/);
    expect(() => system.app.worker(system.lab, { ...handlers, add: 1 } as never)).toThrow(/must be a function/);
    expect(() => system.app.worker(system.lab, handlers, { concurency: 1 } as never)).toThrow(/unknown option "concurency"/);
  });

  it("can't be started again once stopped", async () => {
    await using system = await startLab(url());
    await system.worker.stop();
    await expect(system.worker.start()).rejects.toBeInstanceOf(LigatureError);
  });
});

function labOf(journal: Journal, remote: LabRemote): LabHandlers {
  return labHandlers(journal, () => remote);
}
