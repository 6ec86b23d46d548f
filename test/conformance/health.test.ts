import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createApp, silentLogger, type App } from "ligature";
import { serveHealth } from "ligature/health";
import { describe, expect, it } from "vitest";
import { brokers } from "../support/brokers.ts";
import { startLab } from "../support/lab.ts";
import { eventually } from "../support/patience.ts";

async function probe(port: number, path: string, method = "GET"): Promise<{ readonly status: number; readonly body: unknown }> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method });
  return { status: answer.status, body: await answer.json() };
}

describe.each(brokers)("health on $name", ({ url }) => {
  it("a worker is ready from its start until it drains, and says what it serves", async () => {
    await using system = await startLab(url(), { start: false, worker: { concurrency: 2 } });
    const served = { contract: "lab", queues: [system.queue], concurrency: 2 };
    expect(system.worker.health()).toMatchObject({ ...served, state: "idle", consuming: false, running: 0 });
    expect(system.worker.health().tasks).toContain("lab.greet");
    await system.worker.start();
    expect(system.worker.health()).toMatchObject({ ...served, state: "running", consuming: true });
    const waiting = await system.remote.wait.delay("running");
    await system.journal.entry("wait:running");
    expect(system.worker.health().running).toBe(1);
    const stopped = system.worker.stop();
    expect(system.worker.health()).toMatchObject({ state: "draining", consuming: false });
    system.journal.release();
    await stopped;
    expect(system.worker.health()).toMatchObject({ state: "stopped", consuming: false, running: 0 });
    await waiting.settle();
  });

  it("an app without workers is ready once it is connected, and not when it is closed", async () => {
    const app = createApp({ name: "caller", broker: url(), log: silentLogger });
    await eventually(() => expect(app.health().ready).toBe(true));
    expect(app.health()).toMatchObject({ app: "caller", broker: { connected: true, blocked: undefined }, workers: [] });
    await app.close();
    expect(app.health().ready).toBe(false);
  });
});

describe("ligature/health", () => {
  it("answers probes about several apps at once", async () => {
    await using system = await startLab("memory://");
    const other = system.newApp({ name: "other" });
    await using server = await serveHealth([system.app, other], { port: 0, host: "127.0.0.1" });
    expect(await probe(server.port, "/livez")).toEqual({ status: 200, body: { live: true } });
    expect(await probe(server.port, "/readyz?verbose")).toMatchObject({
      status: 200,
      body: { ready: true, apps: [{ app: "lab-caller" }, { app: "other" }] },
    });
    expect((await probe(server.port, "/")).status).toBe(404);
    expect((await probe(server.port, "/livez", "POST")).status).toBe(405);
    await other.close();
    expect((await probe(server.port, "/readyz")).status).toBe(503);
    expect((await probe(server.port, "/livez")).status).toBe(200);
  });

  it("refuses a port that is taken, and options that it doesn't know", async () => {
    const taken = createServer().listen(0);
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    const app: Pick<App, "health"> = { health: () => ({ ready: true }) as never };
    await expect(serveHealth(app, { port })).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringContaining(`The port ${port} can't be used for probes: something else listens there.`) as string,
    });
    taken.close();
    await expect(serveHealth(app, { port: -1 })).rejects.toMatchObject({ code: "INVALID_OPTION" });
    await expect(serveHealth(app, { port: 0, hots: "" } as never)).rejects.toThrow('unknown option "hots"');
  });
});
