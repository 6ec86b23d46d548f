import { task } from "ligature/contract";
import type { TaskContext } from "ligature";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { brokers, redisUrl } from "../support/brokers.ts";
import { startOwn } from "../support/own-service.ts";
import { patience } from "../support/patience.ts";

const key = { params: { key: z.string() }, returns: z.string() };
const setups = [
  ...brokers.map(({ name, url }) => ({ name, url, app: () => ({}) })),
  ...brokers.slice(1).map(({ name, url }) => ({ name: `${name} and Redis`, url, app: () => ({ backend: redisUrl() }) })),
];

describe.each(setups)("on $name", ({ url, app }) => {
  it("what a handler leaves running in the background is no part of its request any more", async () => {
    await using system = await startOwn<"starts" | "id">(url(), {
      tasks: { starts: task(key), id: task(key) },
      app: app(),
      server: app(),
      handlers: ({ journal, server, tasks }) => {
        const send = (name: string): Promise<unknown> => server.send(tasks.id.si(name));
        return {
          starts: async (name: string) => {
            await send("inside");
            void (async () => {
              // Goes on in the context of this request, as a timer would that was set here.
              await journal.order("go");
              journal.write(
                "sent",
                await send("background").then(
                  () => "sent",
                  (error: unknown) => error,
                ),
              );
            })();
            return name;
          },
          id: (name: string, ctx: TaskContext) => {
            journal.write(name, { rootId: ctx.rootId, parentId: ctx.parentId, deadline: ctx.deadline, id: ctx.id });
            return name;
          },
        };
      },
    });
    const timeout = 5000;
    const called = Date.now();
    await system.remote.starts.with({ timeout })("x");
    await system.journal.order("never", AbortSignal.timeout(Math.max(1, called + timeout + 100 - Date.now()))).catch(() => {});
    system.journal.give("go", "continue");
    expect(await system.journal.entry("sent")).toBe("sent");
    const inside = await system.journal.entry<{ rootId: string; parentId: string; id: string }>("inside");
    expect(inside).toMatchObject({ parentId: expect.any(String) as string, rootId: inside.parentId });
    const background = await system.journal.entry<{ rootId: string; id: string }>("background");
    expect(background).toMatchObject({ rootId: background.id, parentId: undefined, deadline: undefined });
  });

  describe("many at a time", () => {
    const warnings: Error[] = [];
    const remember = (warning: Error): void => void warnings.push(warning);
    beforeEach(() => {
      warnings.length = 0;
      process.on("warning", remember);
    });
    afterEach(() => void process.off("warning", remember));

    it("calls, waits and groups may have one signal, and all end with it", async () => {
      await using system = await startOwn<"run">(url(), {
        tasks: { run: task(key) },
        app: app(),
        server: app(),
        start: false,
        handlers: () => ({ run: (name: string) => name }),
      });
      const controller = new AbortController();
      const { signal } = controller;
      const sent = await system.remote.run.delay("sent");
      const waits = Array.from({ length: 30 }, (_, index) => [
        system.remote.run.with({ signal, timeout: "1h" })(String(index)),
        sent.get({ signal }),
      ]).flat();
      const ended = Promise.allSettled(waits);
      // Once one that was made later has been sent, so have all before.
      await (await system.remote.run.delay("last")).state();
      controller.abort();
      for (const outcome of await ended) expect(outcome).toMatchObject({ status: "rejected", reason: { code: "ABORTED" } });
      expect(warnings).toEqual([]);
    });

    it("workers may run in one process, and all end with its signal", async () => {
      await using system = await startOwn<"run">(url(), {
        tasks: { run: task(key) },
        app: app(),
        server: app(),
        start: false,
        handlers: () => ({ run: (name: string) => name }),
      });
      const before = process.listenerCount("SIGTERM");
      const workers = Array.from({ length: 12 }, () => system.newWorker());
      const running = workers.map((worker) => worker.run());
      await Promise.all(workers.map((worker) => worker.start()));
      expect(process.listenerCount("SIGTERM")).toBe(before + 1);
      expect(await system.remote.run.with({ timeout: patience - 5000 })("x")).toBe("x");
      process.emit("SIGTERM", "SIGTERM");
      await Promise.all(running);
      expect(process.listenerCount("SIGTERM")).toBe(before);
      expect(warnings).toEqual([]);
    });
  });

  it("what is kept for a second is there for who waits", async () => {
    const kept = { ...app(), resultExpires: "1s", chordExpires: "1s" } as const;
    await using system = await startOwn<"run">(url(), {
      tasks: { run: task(key) },
      app: kept,
      server: kept,
      handlers: () => ({ run: (name: string) => name }),
    });
    expect(await system.remote.run("x")).toBe("x");
  });
});
