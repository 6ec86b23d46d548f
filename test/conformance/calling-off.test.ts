import { chord } from "ligature";
import { task } from "ligature/contract";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { brokers } from "../support/brokers.ts";
import { startOwn, type OwnService } from "../support/own-service.ts";
import { patience } from "../support/patience.ts";

type Key = "run" | "stubborn" | "nest" | "join" | "flaky";

describe.each(brokers)("a workflow that is called off on $name", ({ url }) => {
  const start = (options: { start?: boolean } = {}): Promise<OwnService<Key>> =>
    startOwn<Key>(url(), {
      tasks: {
        run: task({ params: { key: z.string().optional() }, returns: z.string() }),
        stubborn: task({ params: { key: z.string() }, returns: z.string() }),
        nest: task({ params: { key: z.string() }, returns: z.string() }),
        join: task({ params: { values: z.array(z.unknown()) }, returns: z.number() }),
        flaky: task({ params: { key: z.string() }, returns: z.string(), retry: { limit: 5, delay: 10 } }),
      },
      start: options.start ?? true,
      handlers: (system) => ({
        run: async (key: string | undefined, ctx) => {
          system.journal.write("ran", key);
          if (key?.startsWith("hold") === true) {
            system.journal.write("root", ctx.rootId);
            await system.journal.order(key, ctx.signal);
          }
          return key ?? "";
        },
        stubborn: async (key: string, ctx) => {
          system.journal.write("root", ctx.rootId);
          await system.journal.order(key);
          return key;
        },
        nest: async (key: string, ctx) => {
          const child = await system.remote.run.delay(`hold ${key}`);
          system.journal.write("child", child.id);
          system.journal.write("root", ctx.rootId);
          await system.journal.order(key);
          const late = await system.remote.run.delay("late").then(
            () => "sent",
            (error: { code: string }) => error.code,
          );
          system.journal.write("late", late);
          return key;
        },
        join: (values: readonly unknown[]) => (system.journal.write("ran", "join"), values.length),
        flaky: async (key: string, ctx) => {
          system.journal.write("root", ctx.rootId);
          await system.journal.order(key);
          throw new Error("again");
        },
      }),
    });

  it("stops what runs, and starts nothing that follows it", async () => {
    await using system = await start();
    const result = await system.app.send(system.tasks.run.si("hold 1").pipe(system.tasks.run.si("next")));
    await system.app.revokeWorkflow(await system.journal.entry<string>("root"));
    await expect(result.get({ timeout: patience })).rejects.toMatchObject({ code: "REVOKED" });
    await expect(result.parent?.get({ timeout: patience })).rejects.toMatchObject({ code: "REVOKED" });
    expect(system.journal.all("ran")).toEqual(["hold 1"]);
  });

  it("lets what runs end by itself, if so asked, and starts nothing that follows it", async () => {
    await using system = await start();
    const signature = system.tasks.stubborn.si("s").link(system.tasks.run.si("callback"));
    const result = await system.app.send(signature.pipe(system.tasks.run.si("next")));
    await system.app.revokeWorkflow(await system.journal.entry<string>("root"), { terminate: false });
    // The worker hears it on a connection of its own, about now.
    await system.journal.order("never", AbortSignal.timeout(500)).catch(() => {});
    system.journal.give("s", "finish");
    await expect(result.get({ timeout: patience })).rejects.toMatchObject({ code: "REVOKED" });
    expect(system.journal.all("ran")).toEqual([]);
  });

  it("holds for what is delayed, and for workers that start later", async () => {
    await using system = await start({ start: false });
    const first = await system.remote.run.applyAsync(["later"], { countdown: 1000 });
    const other = await system.remote.run.delay("other");
    await system.app.revokeWorkflow(first.id);
    await system.worker.start();
    await expect(first.get({ timeout: patience })).rejects.toMatchObject({ code: "REVOKED" });
    expect(await other.get({ timeout: patience })).toBe("other");
    expect(system.journal.all("ran")).toEqual(["other"]);
  });

  it("reaches what is nested below it, and refuses what a handler sends then", async () => {
    await using system = await start();
    const root = await system.remote.nest.delay("n");
    expect(await system.journal.entry("root")).toBe(root.id);
    await system.journal.entry("root", 1);
    await system.app.revokeWorkflow(root.id);
    await system.journal.order("never", AbortSignal.timeout(500)).catch(() => {});
    system.journal.give("n", "finish");
    await expect(root.get({ timeout: patience })).rejects.toMatchObject({ code: "REVOKED" });
    expect(await system.journal.entry("late")).toBe("REVOKED");
    expect(system.journal.all("ran")).toEqual(["hold n"]);
  });

  it("ends its chord, whose body never runs", async () => {
    await using system = await start();
    const members = [system.tasks.run.si("hold a"), system.tasks.run.si("hold b")] as const;
    const result = await system.app.send(chord([...members], system.tasks.join.s() as never));
    await system.journal.entry("root", 1);
    await system.app.revokeWorkflow(await system.journal.entry<string>("root"));
    await expect((result as { get(options: object): Promise<unknown> }).get({ timeout: patience })).rejects.toThrow(/revoked/i);
    expect(system.journal.all("ran")).not.toContain("join");
  });

  it("isn't retried", async () => {
    await using system = await start();
    const result = await system.remote.flaky.delay("f");
    await system.app.revokeWorkflow(await system.journal.entry<string>("root"));
    await system.journal.order("never", AbortSignal.timeout(500)).catch(() => {});
    system.journal.give("f", "finish");
    await expect(result.get({ timeout: patience })).rejects.toMatchObject({ code: "REVOKED" });
    expect(system.journal.all("root")).toHaveLength(1);
  });

  it("needs a root's id", async () => {
    await using system = await start({ start: false });
    await expect(system.app.revokeWorkflow("")).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });
});
