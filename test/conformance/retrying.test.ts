import { task, type Duration } from "ligature/contract";
import type { LigatureError, TaskContext } from "ligature";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { brokers, redisUrl } from "../support/brokers.ts";
import { startOwn, type OwnService } from "../support/own-service.ts";
import { patience } from "../support/patience.ts";

type Keys = "run" | "policy" | "other" | "onFail";
const key = { params: { key: z.string() }, returns: z.string() };
const tasks = {
  run: task(key),
  policy: task({ ...key, retry: { limit: 5, delay: "900ms", jitter: false } }),
  other: task(key),
  onFail: task({ params: { key: z.string() } }),
};

async function start(url: string, backend: (() => string) | undefined, onRun: (ctx: TaskContext) => unknown) {
  const app = backend === undefined ? {} : { backend: backend() };
  return startOwn<Keys>(url, {
    tasks,
    app,
    server: app,
    worker: { concurrency: 1 },
    handlers: ({ journal }) => {
      const run = (name: string, ctx: TaskContext): unknown => {
        journal.write(name, ctx.retries);
        return onRun(ctx);
      };
      return {
        run,
        policy: { run, onFailure: (_request: unknown, error: unknown) => journal.write("onFailure", error) },
        other: async (name: string, ctx: TaskContext) => {
          journal.write(name, ctx.retries);
          return journal.order(name);
        },
        onFail: (name: string, ctx: TaskContext) => journal.write(name, ctx.failure),
      };
    },
  });
}

async function errorOf(promise: Promise<unknown>): Promise<LigatureError> {
  return promise.then(
    () => expect.fail("It should have failed."),
    (error: LigatureError) => error,
  );
}

describe.each([
  ...brokers.map(({ name, url }) => ({ name, url, backend: undefined })),
  ...brokers.slice(1).map(({ name, url }) => ({ name: `${name} and Redis`, url, backend: redisUrl })),
])("a retry on $name", ({ url, backend }) => {
  it.each<[string, object, RegExp]>([
    ["a countdown of 35 years", { countdown: 2 ** 40 }, /countdown .* got 1099511627776/],
    ["a countdown that is no number", { countdown: Number.NaN }, /countdown .* got NaN/],
    ["a countdown before now", { countdown: -1 }, /countdown .* got -1/],
    ["a countdown without an end", { countdown: Number.POSITIVE_INFINITY }, /countdown .* got Infinity/],
    ["a countdown that is no duration", { countdown: "soon" }, /countdown .* got "soon"/],
    ["a limit that is no number", { limit: Number.NaN }, /limit .* got NaN/],
    ["a limit below 0", { limit: -1 }, /limit .* got -1/],
    ["a limit without an end", { limit: Number.POSITIVE_INFINITY }, /limit .* got Infinity/],
    ["an option that doesn't exist", { delay: "5s" }, /unknown option "delay"/],
  ])("with %s fails the task once", async (_what, options, message) => {
    const seen: unknown[] = [];
    await using system = await start(url(), backend, (ctx) => {
      try {
        return ctx.retry(options);
      } catch (error) {
        seen.push(error);
        throw error;
      }
    });
    for (const name of ["run", "policy"] as const) {
      const link = system.tasks.onFail.si(`${name}:failed`);
      const result = await system.remote[name].applyAsync([name], { linkError: link });
      const error = await errorOf(result.get({ timeout: patience }));
      expect(error).toMatchObject({ code: "TASK_FAILED", info: { ran: "yes" } });
      expect(error.message).toMatch(message);
      await system.journal.entry(`${name}:failed`);
      expect(system.journal.all(name)).toEqual([0]);
    }
    expect(seen).toHaveLength(2);
    for (const error of seen) expect(error).toMatchObject({ code: "INVALID_OPTION" });
  });

  const tooLate: readonly [string, Keys, (ctx: TaskContext) => unknown, RegExp][] = [
    [
      "asked for by the handler",
      "run",
      (ctx) => ctx.retry({ countdown: 900, cause: new RangeError("card charged") }),
      /card charged/,
    ],
    ["by the contract's policy", "policy", () => Promise.reject(new RangeError("card charged")), /card charged/],
    ["asked for without a cause", "run", (ctx) => ctx.retry({ countdown: 900 }), /tried 1 time.*expired at/],
  ];

  it.each(tooLate)("that would come after its expiry fails with the last run's error: %s", async (_what, name, run, message) => {
    await using system = await start(url(), backend, run);
    const expires: Duration = "500ms";
    const result = await system.remote[name].applyAsync(["x"], { expires, linkError: system.tasks.onFail.si("failed") });
    const error = await errorOf(result.get({ timeout: patience }));
    expect(error).toMatchObject({ code: "TASK_FAILED", info: { ran: "yes", retrySafe: false } });
    expect(error.message).toMatch(message);
    expect(error.details).toMatchObject({ expired: expect.any(String) as string });
    expect(await system.journal.entry("failed")).toMatchObject({ error: { message: expect.stringMatching(message) as string } });
    expect(system.journal.all("x")).toEqual([0]);
  });

  it("that would come after its caller's deadline fails with the last run's error, in time for the caller", async () => {
    await using system = await start(url(), backend, (ctx) =>
      ctx.retry({ countdown: "1h", cause: new RangeError("card charged") }),
    );
    const error = await errorOf(system.remote.run.with({ timeout: "50s" })("x"));
    expect(error).toMatchObject({ name: "RangeError", message: "card charged", info: { ran: "yes" } });
    expect(error.details).toMatchObject({ expired: expect.any(String) as string });
  });

  it("that a worker gets too late fails with the last run's error, and calls whoever waits for a failure", async () => {
    await using system = await start(url(), backend, () => Promise.reject(new RangeError("card charged")));
    const blocked = await blockAfter(system, "x", "2s");
    const error = await errorOf(blocked.get({ timeout: patience }));
    expect(error).toMatchObject({ code: "TASK_FAILED", name: "RangeError", message: "card charged", info: { ran: "yes" } });
    expect(error.details).toMatchObject({ expired: expect.any(String) as string });
    expect(await system.journal.entry("failed")).toMatchObject({ error: { name: "RangeError" }, request: { retries: 1 } });
    expect(await system.journal.entry("onFailure")).toMatchObject({ message: "card charged" });
    expect(system.journal.all("x")).toEqual([0]);
  });

  /** Sends a task that is tried again after 900 ms, and keeps the only slot busy until it has expired. */
  async function blockAfter(system: OwnService<Keys>, name: string, expires: Duration) {
    const at = new Date(Date.now() + 2000);
    const linkError = system.tasks.onFail.si("failed");
    const result = await system.remote.policy.applyAsync([name], { expires, linkError });
    // Behind it in the queue, so that it has the slot before the second run is due.
    const blocking = await system.remote.other.delay("blocks");
    await system.journal.entry(name);
    await system.journal.entry("blocks");
    const until = AbortSignal.timeout(Math.max(1, at.getTime() - Date.now() + 100));
    await system.journal.order("never", until).catch(() => {});
    system.journal.give("blocks", "finish");
    await blocking.get({ timeout: patience });
    return result;
  }
});
