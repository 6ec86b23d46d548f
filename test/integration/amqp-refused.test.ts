import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createApp, type BrokerState, type LigatureError } from "ligature";
import { startRabbitmq, type PrivateRabbitmq } from "../../scripts/lib/private-rabbitmq.mjs";
import { logInbox, openRabbitmq } from "../support/amqp-bench.ts";
import { brokerBench, consumeFrom, messageTo, textOf } from "../support/broker-bench.ts";
import { startLab } from "../support/lab.ts";
import { recordLog } from "../support/log-recorder.ts";
import { eventually } from "../support/patience.ts";
import { TcpProxy } from "../support/tcp-proxy.ts";

/** How long something may take that is to end at once, or by its own deadline. Generous: the machine may be busy. */
const soon = 10_000;

async function failure(promise: Promise<unknown>): Promise<{ readonly error: LigatureError; readonly after: number }> {
  const begun = Date.now();
  try {
    await promise;
  } catch (error) {
    return { error: error as LigatureError, after: Date.now() - begun };
  }
  throw new Error("It should have failed.");
}

describe("what RabbitMQ refuses", () => {
  let rabbitmq: PrivateRabbitmq;
  beforeAll(async () => {
    rabbitmq = await startRabbitmq();
    await rabbitmq.ctl("add_user", "app", "s3cret");
    await rabbitmq.ctl("set_permissions", "app", ".*", ".*", ".*");
  }, 150_000);
  afterAll(() => rabbitmq.stop());
  const bench = brokerBench(() => rabbitmq.url);

  const asApp = (password = "s3cret"): string => `amqp://app:${password}@127.0.0.1:${rabbitmq.port}`;
  describe("a second connection", () => {
    it("ends calls at their own deadline or signal, with the broker's own reason", async () => {
      await rabbitmq.ctl("set_user_limits", "app", '{"max-connections": 1}');
      const { log, lines } = recordLog();
      await using system = await startLab(asApp(), { start: false, app: { log, publishTimeout: "60s", rpcTimeout: "60s" } });
      const { remote } = system;
      const byTime = failure(remote.add.with({ timeout: "2s" })(1, 2));
      const bySignal = failure(remote.add.with({ timeout: "50s", signal: AbortSignal.timeout(500) })(1, 2));
      const [late, aborted] = await Promise.all([byTime, bySignal]);
      expect(aborted.error).toMatchObject({ code: "ABORTED", cause: expect.objectContaining({ name: "TimeoutError" }) });
      expect(aborted.after).toBeLessThan(soon);
      expect(late.error).toMatchObject({ code: "NOT_SENT", message: expect.stringContaining("connection limit (1) is reached") });
      expect(late.after).toBeLessThan(soon);
      expect(lines.map(({ message }) => message).join("\n")).toContain("connection limit (1) is reached");
      expect(lines.map(({ message }) => message).join("\n")).not.toContain("virtual host");
      await rabbitmq.ctl("set_user_limits", "app", '{"max-connections": -1}');
    }, 60_000);
  });

  describe("a login", () => {
    it("ends a call at once, and names itself first", async () => {
      await using system = await startLab(asApp("wr0ng"), { start: false, app: { publishTimeout: "60s", rpcTimeout: "60s" } });
      const first = await failure(system.remote.add(1, 2));
      expect(first.error).toMatchObject({
        code: "NOT_SENT",
        message: expect.stringMatching(/^\[NOT_SENT\] RabbitMQ at .* can't be used: it refused the login, check user name/),
      });
      expect(first.after).toBeLessThan(soon);
      const next = await failure(system.app.send(system.lab.add.si(1, 2)));
      expect(next.error.message).toBe(first.error.message);
      expect(first.error.message).not.toContain("wr0ng");
    });

    it("stops a worker that never connected, unless it is told to go on", async () => {
      await using system = await startLab(asApp("wr0ng"), { start: false });
      expect((await failure(system.worker.run())).error.message).toContain("refused the login");
      await rabbitmq.ctl("add_user", "late", "other");
      onTestFinished(() => rabbitmq.ctl("delete_user", "late").then(() => {}));
      await rabbitmq.ctl("set_permissions", "late", ".*", ".*", ".*");
      const { log, lines } = logInbox();
      const url = asApp().replace("app:s3cret", "late:early");
      await using patient = await startLab(url, {
        start: false,
        server: { log, refusedLogin: "retry" },
        app: { broker: asApp() },
      });
      const started = patient.worker.start();
      expect(await lines.next()).toMatch(/^error: .*refused the login/);
      await rabbitmq.ctl("change_password", "late", "early");
      await started;
      expect(await patient.remote.add(1, 2)).toBe(3);
    }, 90_000);

    it("that is refused after a first connection is waited for", async () => {
      const { log, lines } = logInbox();
      const broker = openRabbitmq({ url: asApp(), log });
      const { name } = await bench.queue(broker);
      await rabbitmq.ctl("change_password", "app", "changed");
      await rabbitmq.ctl("close_all_user_connections", "app", "test");
      for (let line = ""; !line.includes("reach");) line = await lines.next();
      const published = broker.publish(messageTo(name, "patient"), { giveUpAt: Date.now() + 60_000 });
      await rabbitmq.ctl("change_password", "app", "s3cret");
      await published;
    }, 90_000);
  });

  describe("a publish", () => {
    it("to the default exchange, and spares the others", async () => {
      const broker = openRabbitmq({ url: asApp() });
      const { name } = await bench.queue(broker);
      const { inbox } = await consumeFrom(broker, name);
      await rabbitmq.ctl("set_permissions", "app", ".*", "^ligature", ".*");
      const outcomes = await Promise.allSettled(
        ["1", "2", "3", "4"].map((body) =>
          broker.publish({ ...messageTo(name, body), exchange: Number(body) % 2 === 0 ? "" : "ligature" }),
        ),
      );
      expect(
        outcomes.map((outcome) => (outcome.status === "fulfilled" ? "sent" : (outcome.reason as LigatureError).code)),
      ).toEqual(["sent", "REFUSED", "sent", "REFUSED"]);
      const [, refused] = outcomes;
      expect(String((refused as PromiseRejectedResult).reason)).toMatch(/access to exchange 'amq.default' .*permission to write/);
      const arrived = new Set<string>();
      while (arrived.size < 2) {
        const delivery = await inbox.next();
        delivery.ack();
        arrived.add(textOf(delivery));
      }
      expect([...arrived].toSorted()).toEqual(["1", "3"]);
      await rabbitmq.ctl("set_permissions", "app", ".*", ".*", ".*");
    }, 60_000);

    it("with a routing key that the user's topic permissions leave out, and spares the others", async () => {
      const broker = openRabbitmq({ url: asApp() });
      const [one, two] = [await bench.queue(broker), await bench.queue(broker)];
      await rabbitmq.ctl("set_topic_permissions", "app", "ligature", `^${one.name}$`, ".*");
      const outcomes = await Promise.allSettled(
        [one, two, one].map(({ name }) => broker.publish({ ...messageTo(name, "x"), exchange: "ligature" })),
      );
      expect(
        outcomes.map((outcome) => (outcome.status === "fulfilled" ? "sent" : (outcome.reason as LigatureError).code)),
      ).toEqual(["sent", "REFUSED", "sent"]);
      await rabbitmq.ctl("clear_topic_permissions", "app");
    }, 60_000);
  });

  describe("everything, being out of memory", () => {
    it("is told to the program, once it sends; sending ends in time, and goes on by itself", async () => {
      await using system = await startLab(rabbitmq.url, {});
      expect(await system.remote.add(1, 2)).toBe(3);
      const states: BrokerState[] = [];
      system.app.onBrokerState((state) => void states.push(state));
      await rabbitmq.ctl("set_vm_memory_high_watermark", "absolute", "1");
      try {
        const first = system.remote.add.with({ timeout: "10m" })(1, 2);
        await eventually(() => expect(states).toEqual([{ state: "blocked", reason: "low on memory" }]));
        expect(system.app.brokerState).toEqual({ state: "blocked", reason: "low on memory" });
        const { error } = await failure(system.remote.quiet.applyAsync(["given up"], { timeout: "300ms" }));
        expect(error).toMatchObject({ code: "NOT_SENT", details: { blocked: "low on memory" } });
        await rabbitmq.ctl("set_vm_memory_high_watermark", "0.4");
        expect(await first).toBe(3);
        expect(system.app.brokerState).toEqual({ state: "ready" });
      } finally {
        await rabbitmq.ctl("set_vm_memory_high_watermark", "0.4");
      }
    }, 60_000);

    it("doesn't keep an app from closing", async () => {
      const { log, lines } = logInbox();
      const system = await startLab(rabbitmq.url, { app: { log, publishTimeout: "10m" } });
      expect(await system.remote.add(1, 2)).toBe(3);
      await rabbitmq.ctl("set_vm_memory_high_watermark", "absolute", "1");
      try {
        void system.remote.quiet("known when it is blocked").catch(() => {});
        const waiting = failure(system.remote.add.with({ timeout: "10m" })(1, 2));
        for (let line = ""; !line.includes("takes no messages");) line = await lines.next();
        const begun = Date.now();
        await system.app.close();
        expect(Date.now() - begun).toBeLessThan(20_000);
        // It was written, and nobody knows whether it arrived.
        expect((await waiting).error).toMatchObject({ code: "CLOSED", info: { ran: "maybe", retrySafe: false } });
        await system.worker.stop();
      } finally {
        await rabbitmq.ctl("set_vm_memory_high_watermark", "0.4");
        await system[Symbol.asyncDispose]();
      }
    }, 60_000);
  });

  describe("anything, in a network that swallows it", () => {
    it("doesn't keep an app from closing, connected or not", async () => {
      const proxy = await TcpProxy.start(rabbitmq.url);
      const system = await startLab(proxy.through(rabbitmq.url), { worker: { shutdownTimeout: "1s" } });
      expect(await system.remote.add(1, 2)).toBe(3);
      proxy.muted = true;
      const waiting = failure(system.remote.add.with({ timeout: "10m" })(1, 2));
      const begun = Date.now();
      await system[Symbol.asyncDispose]();
      expect(Date.now() - begun).toBeLessThan(20_000);
      expect((await waiting).error.code).toMatch(/CLOSED|CONNECTION_LOST/);
    }, 60_000);

    it("while it connects", async () => {
      const silent = createServer(() => {}).listen(0, "127.0.0.1");
      onTestFinished(() => void silent.close());
      await once(silent, "listening");
      const app = createApp({ name: "closing", broker: `amqp://127.0.0.1:${(silent.address() as AddressInfo).port}` });
      await using lab = await startLab("memory://");
      const waiting = failure(app.remote(lab.lab).add(1, 2));
      await once(silent, "connection");
      const begun = Date.now();
      await app.close();
      expect(Date.now() - begun).toBeLessThan(soon);
      expect((await waiting).error.code).toBe("CLOSED");
    });
  });

  it("a call's signal ends it at once while RabbitMQ is away", async () => {
    const proxy = await TcpProxy.reserve(rabbitmq.url);
    await using system = await startLab(proxy.through(rabbitmq.url), { start: false });
    const { error, after } = await failure(system.remote.add.with({ timeout: "60s", signal: AbortSignal.timeout(500) })(1, 2));
    expect(error.code).toBe("ABORTED");
    expect(after).toBeLessThan(soon);
  });

  it("a call's signal withdraws what waits to be written", async () => {
    const proxy = await TcpProxy.start(rabbitmq.url);
    const broker = openRabbitmq({ url: proxy.through(rabbitmq.url) });
    const { name } = await bench.queue(broker);
    await proxy.shut();
    const signal = AbortSignal.timeout(300);
    await expect(broker.publish(messageTo(name, "unwanted"), { signal })).rejects.toMatchObject({ code: "ABORTED" });
    await proxy.open();
    await broker.publish(messageTo(name, "wanted"));
    const { inbox } = await consumeFrom(broker, name);
    expect(textOf(await inbox.next())).toBe("wanted");
  });
});
