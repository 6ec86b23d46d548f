import { randomUUID } from "node:crypto";
import { group, TaskError, type Failure } from "ligature";
import { describe, expect, it } from "vitest";
import { brokers } from "../support/brokers.ts";
import { combinations, startLabOn } from "../support/combinations.ts";
import { startLab } from "../support/lab.ts";
import { recordLog } from "../support/log-recorder.ts";
import { patience } from "../support/patience.ts";

const soon = { timeout: patience };

/** The error of what must fail. */
async function errorOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    (value) => {
      throw new TypeError(`It succeeded with ${JSON.stringify(value)}.`);
    },
    (error: unknown) => error as Error,
  );
}

describe.each(brokers)("waiting on $name", ({ url }) => {
  it("a call that times out asks its queue: no worker, and how many messages wait", async () => {
    await using system = await startLab(url(), { start: false });
    // So that there is a queue, and nobody who consumes from it.
    await system.remote.add.delay(1, 1);
    const error = await errorOf(system.remote.add.with({ timeout: 100 })(1, 2));
    expect(error).toMatchObject({ code: "TIMED_OUT", details: { messages: 2, consumers: 0 } });
    expect(error.message).toMatch(
      new RegExp(
        `^\\[TIMED_OUT\\] No result of lab\\.add\\[\\S+\\] within \\S+ m?s\\. Queue ${system.queue}: 2 messages, no consumers; is its worker running\\?$`,
      ),
    );
  });

  it("so does a result that is waited for, and a group's", async () => {
    await using system = await startLab(url(), { start: false });
    const result = await system.remote.add.delay(1, 1);
    const members = await system.app.send(group(system.lab.add.si(1, 2), system.lab.add.si(1, 3)));
    for (const wait of [result.get({ timeout: 50 }), result.settle({ timeout: 50 }), members.get({ timeout: 50 })]) {
      expect((await errorOf(wait)).message).toContain(`Queue ${system.queue}: 3 messages, no consumers; is its worker running?`);
    }
  });

  it("where a worker consumes, the advice is to wait longer", async () => {
    await using system = await startLab(url());
    const error = await errorOf(system.remote.wait.with({ timeout: 300 })("busy"));
    expect(error.message).toContain("It may still be waiting or running; give it longer with { timeout }");
    expect(error.message).toContain(`Queue ${system.queue}: 0 messages, 1 consumer.`);
  });

  it("an error has a frame of the code that waits for it", async () => {
    await using system = await startLab(url());
    const frame = /at (async )?.*waiting\.test\.ts/;
    const result = await system.remote.wait.delay("x");
    async function callsByName(call: () => Promise<unknown>): Promise<string> {
      try {
        await call();
      } catch (error) {
        return (error as Error).stack ?? "";
      }
      return "";
    }
    expect(await callsByName(() => system.remote.explode("far away"))).toMatch(frame);
    expect(await callsByName(() => system.remote.wait.with({ timeout: 50 })("y"))).toMatch(frame);
    expect(await callsByName(() => result.get({ timeout: 50 }))).toMatch(frame);
    await result.revoke({ terminate: true });
  });

  it("what is aborted already isn't sent", async () => {
    await using system = await startLab(url());
    const signal = AbortSignal.abort(new Error("the client went away"));
    for (const send of [
      system.remote.add.applyAsync([1, 2], { signal }),
      system.remote.add.with({ signal })(1, 2),
      system.app.send(system.lab.add.si(1, 2), { signal }),
    ]) {
      expect(await errorOf(send)).toMatchObject({ code: "ABORTED", cause: { message: "the client went away" } });
    }
    expect(system.worker.statistics().succeeded).toBe(0);
  });

  it("a declared error reaches an error callback as an instance of its class, with its data", async () => {
    await using system = await startLab(url());
    await system.remote.order.applyAsync(["pen"], { linkError: system.lab.recordFailure.si("failed") });
    const { error } = await system.journal.entry<Failure>("failed");
    expect(error).toBeInstanceOf(system.lab.errors.OutOfStock);
    if (!(error instanceof system.lab.errors.OutOfStock)) return;
    expect(error.data).toEqual({ item: "pen", since: new Date("2026-01-02T03:04:05Z") });
    expect(error.stack).toContain("lab.ts");
  });

  it("and every other error as a caller would get it", async () => {
    await using system = await startLab(url());
    await system.remote.explode.applyAsync(["boom"], { linkError: system.lab.recordFailure.si("exploded") });
    const exploded = await system.journal.entry<Failure>("exploded");
    expect(exploded.error).toBeInstanceOf(TaskError);
    expect(exploded.error).toMatchObject({ name: "TypeError", message: "boom", code: "TASK_FAILED" });
    await system.remote.lie.applyAsync([], { linkError: system.lab.recordFailure.si("lied") });
    expect((await system.journal.entry<Failure>("lied")).error).toMatchObject({ code: "INVALID_RESULT" });
  });

  it("logs at debug when a task starts and when it has succeeded, and how long it took; a failure says that, too", async () => {
    const { log, lines } = recordLog();
    await using system = await startLab(url(), { log });
    await system.remote.add(1, 2);
    await system.remote.explode("boom").catch(() => {});
    const told = lines.filter(({ message }) => message.startsWith("task "));
    const common = { id: expect.any(String), retries: 0 };
    const duration = expect.stringMatching(/^\d+(\.\d)? m?s$/);
    expect(told.map(({ level, message, fields }) => ({ level, message, fields }))).toMatchObject([
      { level: "debug", message: "task started", fields: { task: "lab.add", ...common } },
      { level: "debug", message: "task succeeded", fields: { task: "lab.add", ...common, duration } },
      { level: "debug", message: "task started", fields: { task: "lab.explode", ...common } },
      { level: "error", message: "task failed", fields: { task: "lab.explode", ...common, duration } },
    ]);
  });

  it("revokes by id, in another app", async () => {
    await using system = await startLab(url());
    const result = await system.remote.wait.delay("by-id");
    await system.journal.entry("wait:by-id");
    await system.newApp({ name: "other" }).revoke(result.id, { terminate: true, timeout: patience });
    expect(await errorOf(result.get(soon))).toMatchObject({ code: "REVOKED" });
  });

  it("refuses what is no id", async () => {
    await using system = await startLab(url());
    for (const id of ["", undefined, 7, ["a", ""]]) {
      expect(await errorOf(system.app.revoke(id as string))).toMatchObject({ code: "INVALID_OPTION" });
    }
  });
});

describe.each(combinations)("a result by its id on $name", (combination) => {
  it("is had where results are stored, and refused in words where they aren't", async () => {
    await using system = await startLabOn(combination);
    const result = await system.remote.add.delay(20, 22);
    expect(await result.get(soon)).toBe(42);
    const backend = combination.backend();
    const other = system.newApp({ name: "other", ...(backend !== undefined && { backend }) });
    if (backend === "rpc://") {
      expect(() => other.result(system.lab.add, result.id)).toThrow(
        /^\[INVALID_OPTION\] result\(\): on rpc:\/\/ a result goes to the app/,
      );
      return;
    }
    expect(await other.result(system.lab.add, result.id).get(soon)).toBe(42);
    const unknown = other.result(system.remote.add, randomUUID());
    expect(await unknown.state(soon)).toBe("PENDING");
    expect(() => other.result(system.lab.add, "")).toThrow("result() needs a task's id");
  });
});
