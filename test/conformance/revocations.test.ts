import { randomUUID } from "node:crypto";
import { silentLogger } from "ligature";
import { task } from "ligature/contract";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { encodeControl, revokeCommand } from "../../src/dist/protocol/index.js";
import { brokers } from "../support/brokers.ts";
import { startOwn, type OwnService } from "../support/own-service.ts";
import { patience } from "../support/patience.ts";
import { openBroker } from "../support/open.ts";

describe.each(brokers)("a revocation on $name", ({ url }) => {
  const start = (running: boolean): Promise<OwnService<"run">> =>
    startOwn<"run">(url(), {
      tasks: { run: task({ params: { key: z.string() }, returns: z.string() }) },
      start: running,
      handlers: ({ journal }) => ({
        run: (name: string) => {
          journal.write("ran", name);
          return name;
        },
      }),
    });

  it("holds for a delayed task when the worker is restarted", async () => {
    await using system = await start(true);
    const delayed = await system.remote.run.applyAsync(["x"], { countdown: 1500 });
    await delayed.revoke();
    await system.worker.stop();
    await system.newWorker().start();
    await expect(delayed.get({ timeout: patience })).rejects.toMatchObject({ code: "REVOKED" });
    expect(system.journal.all("ran")).toEqual([]);
  });

  it("holds when no worker ran, for each of a group", async () => {
    await using system = await start(false);
    const kept = await system.remote.run.delay("kept");
    const sent = await Promise.all(["a", "b", "c"].map((key) => system.remote.run.delay(key)));
    for (const each of sent) await each.revoke({ terminate: true });
    await system.worker.start();
    for (const each of sent) await expect(each.get({ timeout: patience })).rejects.toMatchObject({ code: "REVOKED" });
    expect(await kept.get({ timeout: patience })).toBe("kept");
    expect(system.journal.all("ran")).toEqual(["kept"]);
  });

  it("holds that Celery has broadcast, once one worker has heard it", async () => {
    await using system = await start(true);
    const delayed = await system.remote.run.applyAsync(["x"], { countdown: 1500 });
    const options = { name: "celery", log: silentLogger, publishTimeout: 10_000, maxPayload: 1_000_000, maxUnconfirmed: 100 };
    const broker = openBroker(system.broker, options);
    let heard = (): void => {};
    const arrived = new Promise<void>((resolve) => {
      heard = resolve;
    });
    const listener = await broker.subscribe(() => heard());
    await broker.broadcast(encodeControl(revokeCommand([delayed.id], false)));
    await arrived;
    // The worker has a connection of its own, where it arrives about then.
    await system.journal.order("never", AbortSignal.timeout(300)).catch(() => {});
    await listener.close();
    await broker.close();
    await system.worker.stop();
    await system.newWorker().start();
    await expect(delayed.get({ timeout: patience })).rejects.toMatchObject({ code: "REVOKED" });
    expect(system.journal.all("ran")).toEqual([]);
  });

  it("is known to a worker that starts among very many others", async () => {
    await using system = await start(false);
    const sent = await system.remote.run.delay("x");
    const others = await Promise.all(
      Array.from({ length: 20 }, () => system.remote.run.applyAsync([randomUUID()], { countdown: "1h" })),
    );
    await Promise.all(others.map((other) => other.revoke()));
    await sent.revoke();
    await Promise.all([system.newWorker().start(), system.newWorker().start(), system.worker.start()]);
    await expect(sent.get({ timeout: patience })).rejects.toMatchObject({ code: "REVOKED" });
    expect(system.journal.all("ran")).toEqual([]);
  });
});
