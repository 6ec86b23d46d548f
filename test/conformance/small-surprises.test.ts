import { randomUUID } from "node:crypto";
import { createApp, silentLogger, type Failure } from "ligature";
import { contract, task } from "ligature/contract";
import { defineContract, type Contract } from "ligature/generated";
import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { combinations, startLabOn } from "../support/combinations.ts";
import { patience } from "../support/patience.ts";
import { onQueue } from "../support/lab.ts";
import { lab } from "@ligature/lab";

describe.each(combinations)("on $name", (combination) => {
  it("a priority that the contract's queue doesn't know is refused, and nothing is sent", async () => {
    await using system = await startLabOn(combination);
    const refused = { code: "INVALID_OPTION", message: expect.stringContaining("priority has no effect") };
    const { remote, app } = system;
    await expect(remote.add.with({ priority: 9 })(1, 2)).rejects.toMatchObject(refused);
    await expect(remote.quiet.applyAsync(["never"], { priority: 9 })).rejects.toMatchObject(refused);
    await expect(app.send(system.lab.add.si(1, 2).set({ priority: 9 }))).rejects.toMatchObject(refused);
    const callback = system.lab.record.s("never").set({ priority: 9 });
    await expect(app.send(system.lab.add.si(1, 2).link(callback))).rejects.toMatchObject(refused);
    expect(await remote.add(1, 1)).toBe(2);
    expect(system.journal.all("quiet:never")).toEqual([]);
  });

  it("ctx.failure.error has the code of an error of Ligature's own", async () => {
    await using system = await startLabOn(combination);
    const { app, journal } = system;
    await app.send(system.lab.hardLimited.si("limit").linkError(system.lab.recordFailure.si("limited")));
    expect((await journal.entry<Failure>("limited")).error).toMatchObject({ code: "TIME_LIMIT" });
    await app.send(system.lab.explode.si("x").linkError(system.lab.recordFailure.si("exploded")));
    expect((await journal.entry<Failure>("exploded")).error).toMatchObject({ code: "TASK_FAILED" });
  });
});

describe("stubs", () => {
  afterEach(() => void vi.restoreAllMocks());

  it("can be spied on, as a whole and by their ways of sending", async () => {
    await using app = createApp({ name: "spied", broker: `memory://${randomUUID()}`, log: silentLogger });
    const remote = app.remote(onQueue(lab, "spied"));
    const add = vi.spyOn(remote, "add").mockResolvedValue(7);
    expect(await remote.add(1, 2)).toBe(7);
    expect(add).toHaveBeenCalledWith(1, 2);
    const delay = vi.spyOn(remote.echo, "delay").mockRejectedValue(new Error("spied"));
    await expect(remote.echo.delay({} as never)).rejects.toThrow("spied");
    expect(delay).toHaveBeenCalledOnce();
  });
});

it("a priority over the queue's is refused, one within it is sent", async () => {
  interface Ranked extends Contract {
    readonly run: { si(key: string): { set(options: { priority: number }): Parameters<typeof app.send>[0] } };
  }
  const definition = contract("ranked", {
    queue: { name: "ranked", type: "classic", maxPriority: 5 },
    tasks: { run: task({ params: { key: z.string() }, returns: z.string() }) },
  });
  const ranked = defineContract<Ranked>(definition, { run: { fingerprint: "a" } });
  await using app = createApp({ name: "ranked", broker: `memory://${randomUUID()}`, log: silentLogger });
  await app.worker(ranked, { run: (key: string) => key }).start();
  await expect(app.send(ranked.run.si("x").set({ priority: 6 }))).rejects.toMatchObject({ code: "INVALID_OPTION" });
  const sent = (await app.send(ranked.run.si("x").set({ priority: 5 }))) as { get(options: object): Promise<unknown> };
  expect(await sent.get({ timeout: patience })).toBe("x");
});
