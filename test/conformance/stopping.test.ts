import { task } from "ligature/contract";
import type { TaskContext } from "ligature";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { brokers } from "../support/brokers.ts";
import { startOwn, type OwnService } from "../support/own-service.ts";
import { patience } from "../support/patience.ts";

const key = { params: { key: z.string() }, returns: z.string() };

describe.each(brokers)("stopping on $name", ({ url }) => {
  describe("a task that is acknowledged early has failed, and everybody is told", () => {
    type Keys = "honours" | "ignores" | "onFail";
    const tasks = {
      honours: task({ ...key, ack: "early", retry: { limit: 3, delay: 10 } }),
      ignores: task({ ...key, ack: "early" }),
      onFail: task({ params: { key: z.string() } }),
    };
    const start = (): Promise<OwnService<Keys>> =>
      startOwn<Keys>(url(), {
        tasks,
        worker: { shutdownTimeout: 50 },
        handlers: ({ journal }) => ({
          honours: {
            run: async (name: string, ctx: TaskContext) => {
              journal.write(name, ctx);
              return journal.order(name, ctx.signal);
            },
            onFailure: (_request: unknown, error: unknown) => journal.write("onFailure", error),
          },
          ignores: async (name: string, ctx: TaskContext) => {
            journal.write(name, ctx);
            return journal.order(name);
          },
          onFail: (name: string, ctx: TaskContext) => journal.write(name, ctx.failure),
        }),
      });

    it.each(["honours", "ignores"] as const)("when its handler %s the signal", async (name) => {
      await using system = await start();
      const result = await system.remote[name].applyAsync(["x"], { linkError: system.tasks.onFail.si("failed") });
      await system.journal.entry("x");
      await system.worker.stop();
      await expect(result.get({ timeout: patience })).rejects.toMatchObject({ code: "WORKER_LOST", info: { ran: "maybe" } });
      const next = system.newWorker();
      await next.start();
      expect(await system.journal.entry("failed")).toMatchObject({ error: { code: "WORKER_LOST" } });
      expect(system.journal.all("x")).toHaveLength(1);
      if (name === "honours") expect(await system.journal.entry("onFailure")).toMatchObject({ code: "WORKER_LOST" });
    });
  });

  describe("from inside", () => {
    type Keys = "stops" | "hook";
    const start = (stop: (system: OwnService<Keys>) => Promise<void>): Promise<OwnService<Keys>> =>
      startOwn<Keys>(url(), {
        tasks: { stops: task(key), hook: task(key) },
        worker: { shutdownTimeout: "1d" },
        handlers: (system) => ({
          stops: async (name: string) => {
            await stop(system);
            return name;
          },
          hook: {
            run: (name: string) => name,
            onSuccess: async () => {
              await stop(system);
              system.journal.write("hook", "stopped");
            },
          },
        }),
      });

    it.each<[string, (system: OwnService<Keys>) => Promise<void>]>([
      ["worker.stop()", ({ worker }) => worker.stop()],
      ["app.close()", ({ server }) => server.close()],
      ["both", async ({ worker, server }) => void (await Promise.all([worker.stop(), server.close()]))],
    ])("%s in a handler lets it finish, and its result isn't lost", async (_what, stop) => {
      await using system = await start(stop);
      expect(await system.remote.stops.with({ timeout: "50s" })("done")).toBe("done");
      await system.worker.stop();
      await system.server.close();
    });

    it("works for several handlers at once", async () => {
      await using system = await start(({ server }) => server.close());
      const results = await Promise.all(["a", "b", "c"].map((name) => system.remote.stops.delay(name)));
      const ended = await Promise.all(results.map((result) => result.settle({ timeout: "5s" }).catch(() => undefined)));
      // Those that weren't taken wait in the queue.
      expect(ended.filter((outcome) => outcome?.ok === true).length).toBeGreaterThan(0);
      await system.server.close();
    });

    it("works in a hook", async () => {
      await using system = await start(({ worker }) => worker.stop());
      expect(await system.remote.hook.with({ timeout: "50s" })("done")).toBe("done");
      expect(await system.journal.entry("hook")).toBe("stopped");
      await system.worker.stop();
    });
  });
});
