import { mock } from "node:test";
import { task } from "ligature/contract";
import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { startOwn } from "../support/own-service.ts";

const hour = 3_600_000;

/** What tests of users fake time with. Only the memory broker's time can be faked. */
const clocks: readonly { readonly name: string; readonly fake: () => (ms: number) => void }[] = [
  {
    name: "node:test, all that it fakes",
    fake: () => {
      mock.timers.enable();
      return (ms) => mock.timers.tick(ms);
    },
  },
  {
    name: "node:test, setTimeout and Date",
    fake: () => {
      mock.timers.enable({ apis: ["setTimeout", "Date"], now: new Date("2030-01-01") });
      return (ms) => mock.timers.tick(ms);
    },
  },
  {
    name: "vitest, all that it fakes",
    fake: () => {
      vi.useFakeTimers();
      return (ms) => void vi.advanceTimersByTime(ms);
    },
  },
  {
    name: "vitest, setTimeout and Date",
    fake: () => {
      vi.useFakeTimers({ toFake: ["setTimeout", "Date"] });
      return (ms) => void vi.advanceTimersByTime(ms);
    },
  },
];

describe.each(clocks)("time that is faked by $name", ({ fake }) => {
  afterEach(() => {
    mock.timers.reset();
    vi.useRealTimers();
  });

  const start = () =>
    startOwn<"run" | "retried">("memory://", {
      tasks: {
        run: task({ params: { key: z.string() }, returns: z.string() }),
        retried: task({
          params: { key: z.string() },
          retry: { limit: 2, delay: "1h", maxDelay: "1h", backoff: "fixed", jitter: false },
        }),
      },
      handlers: ({ journal }) => ({
        run: (name: string) => {
          journal.write("ran", name);
          return name;
        },
        retried: (name: string, ctx) => {
          journal.write(name, ctx.retries);
          if (ctx.retries === 0) throw new Error("again");
        },
      }),
    });

  it("releases delayed messages when it has passed, and not before", async () => {
    const pass = fake();
    await using system = await start();
    for (const [key, countdown] of [
      ["later", 2 * hour],
      ["second", hour + 1000],
      ["first", hour],
    ] as const)
      await system.remote.run.applyAsync([key], { countdown });
    await system.remote.run.applyAsync(["third"], { eta: new Date(Date.now() + hour + 2000) });
    pass(hour - 1);
    await system.remote.run("now");
    pass(1 + 2000);
    await system.journal.entry("ran", 3);
    expect(system.journal.all("ran")).toEqual(["now", "first", "second", "third"]);
    pass(hour);
    expect(await system.journal.entry("ran", 4)).toBe("later");
  });

  it("lets retries run, and ends waits", async () => {
    const pass = fake();
    await using system = await start();
    const result = await system.remote.retried.delay("x");
    await system.journal.entry("x");
    // The retry is on its way once its state is told.
    await vi.waitUntil(async () => (await result.state()) === "RETRY", { timeout: 30_000 });
    const waited = result.get({ timeout: hour / 2 }).then(
      () => "a result",
      (error: { readonly code: string }) => error.code,
    );
    pass(hour / 2 + 10);
    expect(await waited).toBe("TIMED_OUT");
    pass(hour / 2);
    expect(await system.journal.entry("x", 1)).toBe(1);
    await result.get();
  });
});
