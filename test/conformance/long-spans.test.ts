import { task } from "ligature/contract";
import type { TaskContext } from "ligature";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { brokers } from "../support/brokers.ts";
import { startOwn } from "../support/own-service.ts";
import { patience } from "../support/patience.ts";

/** Node's timers hold 24.8 days. */
describe.each(brokers)("spans of more than 24.8 days on $name", ({ url }) => {
  const key = { params: { key: z.string() }, returns: z.string() };

  it("are time limits like others", async () => {
    await using system = await startOwn(url(), {
      tasks: {
        hard: task({ ...key, timeLimit: { hard: "30d" } }),
        soft: task({ ...key, timeLimit: { soft: "60d", hard: "180d" } }),
      },
      handlers: ({ journal }) => {
        const run = async (name: string, ctx: TaskContext): Promise<string> => {
          journal.write(name, ctx);
          return `${await journal.order(name, ctx.signal)} ${ctx.signal.aborted}`;
        };
        return { hard: run, soft: run };
      },
    });
    for (const [name, remote] of [
      ["h", system.remote.hard],
      ["s", system.remote.soft],
    ] as const) {
      const result = await remote.delay(name);
      await system.journal.entry(name);
      // A timer that overflowed fires after a millisecond: sooner than what comes back from another process.
      await system.journal.order(`${name}:never`, AbortSignal.timeout(100)).catch(() => {});
      system.journal.give(name, "finish");
      expect(await result.get({ timeout: patience })).toBe("finish false");
    }
  });

  it("let running handlers finish when the worker stops", async () => {
    await using system = await startOwn(url(), {
      tasks: { run: task(key) },
      worker: { shutdownTimeout: "30d", progressInterval: "30d" },
      handlers: ({ journal }) => ({
        run: async (name: string, ctx: TaskContext) => {
          journal.write(name, ctx);
          return journal.order(name, ctx.signal);
        },
      }),
    });
    const result = await system.remote.run.delay("r");
    await system.journal.entry("r");
    const stopped = system.worker.stop();
    await system.journal.order("never", AbortSignal.timeout(100)).catch(() => {});
    system.journal.give("r", "finish");
    expect(await result.get({ timeout: patience })).toBe("finish");
    await stopped;
  });

  it("are timeouts of waits, calls and apps", async () => {
    await using system = await startOwn(url(), {
      tasks: { run: task(key) },
      app: { rpcTimeout: "60d", publishTimeout: "60d", resultExpires: "180d", chordExpires: "180d" },
      handlers: () => ({ run: (name: string) => name }),
    });
    expect(await system.remote.run("a")).toBe("a");
    expect(await system.remote.run.with({ timeout: "180d" })("b")).toBe("b");
    const sent = await system.remote.run.delay("c");
    expect(await sent.get({ timeout: "90d" })).toBe("c");
  });
});
