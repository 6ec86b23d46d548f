import { randomUUID } from "node:crypto";
import type { Channel, ConsumeMessage } from "amqplib";
import type { Failure } from "ligature";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startRabbitmq, type PrivateRabbitmq } from "../../scripts/lib/private-rabbitmq.mjs";
import { signatureToWire } from "../../src/dist/protocol/index.js";
import { rawChannel } from "../support/amqp-bench.ts";
import { startLab, type LabSystem } from "../support/lab.ts";
import { patience } from "../support/patience.ts";

const exchange = "amq.topic";

/** What RabbitMQ refuses a worker each time it is asked, on a RabbitMQ with a user for that. */
describe("what a worker can't deliver on RabbitMQ", () => {
  let rabbitmq: PrivateRabbitmq;
  let limited: string;

  beforeAll(async () => {
    rabbitmq = await startRabbitmq();
    await rabbitmq.ctl("add_user", "limited", "limited");
    await rabbitmq.ctl("set_permissions", "limited", ".*", ".*", ".*");
    await rabbitmq.ctl("set_topic_permissions", "limited", exchange, "^allowed\\.", ".*");
    const url = new URL(rabbitmq.url);
    url.username = "limited";
    url.password = "limited";
    limited = url.href;
  });
  afterAll(() => rabbitmq.stop());

  const start = (concurrency: number): Promise<LabSystem> =>
    startLab(rabbitmq.url, { server: { broker: limited }, worker: { concurrency } });

  /** `lab.add(1, 2)` with success callbacks that are addressed by hand, as other Celery clients can. */
  function send(channel: Channel, { queue }: LabSystem, callbacks: readonly object[]): void {
    const id = randomUUID();
    channel.sendToQueue(
      queue,
      Buffer.from(JSON.stringify([[1, 2], {}, { callbacks, errbacks: null, chain: null, chord: null }])),
      {
        headers: { task: "lab.add", id, lang: "js" },
        contentType: "application/json",
        contentEncoding: "utf-8",
        correlationId: id,
      },
    );
  }

  function addressed(system: LabSystem, key: string, options: object): object {
    const { lab } = system;
    const wire = signatureToWire(lab.record.s(key).linkError(lab.recordFailure.si(`${key} failed`))["~signature"]);
    const { queue: _queue, ...others } = wire.options as Record<string, unknown>;
    return { ...wire, options: { ...others, ...options } };
  }

  async function dead(channel: Channel, { queue }: LabSystem, count: number): Promise<readonly Record<string, unknown>[]> {
    const found: Record<string, unknown>[] = [];
    await new Promise<void>((resolve, reject) => {
      const take = (message: ConsumeMessage | null): void => {
        found.push(message?.properties.headers ?? {});
        if (found.length === count) resolve();
      };
      channel.consume(`${queue}.dead`, take, { noAck: true }).catch(reject);
    });
    return found;
  }

  it("a callback that the worker's user may not publish is parked; neither its neighbours nor the worker's slots go with it", async () => {
    await using system = await start(4);
    const channel = await rawChannel(rabbitmq.url);
    await channel.bindQueue(system.queue, exchange, "allowed.#");
    await channel.bindQueue(system.queue, exchange, "forbidden.#");
    const keys = Array.from({ length: 8 }, (_, index) => String(index));
    for (const key of keys) {
      send(channel, system, [
        addressed(system, `forbidden ${key}`, { exchange, routing_key: "forbidden.key" }),
        addressed(system, `allowed ${key}`, { exchange, routing_key: "allowed.key" }),
      ]);
    }
    for (const key of keys) {
      expect(await system.journal.entry(`allowed ${key}`)).toMatchObject({ value: 3 });
      const failure = await system.journal.entry<Failure>(`forbidden ${key} failed`);
      expect(failure.error.message).toContain("Grant it the permission");
    }
    for (const headers of await dead(channel, system, keys.length)) {
      expect(headers).toMatchObject({ task: "lab.record" });
      expect(headers["ligature-undeliverable"]).toContain("access to topic 'forbidden.key' in exchange 'amq.topic'");
    }
    for (const key of keys) expect(system.journal.all(`forbidden ${key}`)).toEqual([]);
    expect(await system.remote.add.with({ timeout: patience })(1, 1)).toBe(2);
  });

  it("a callback for an exchange that isn't there, or that nobody may publish to, is parked", async () => {
    await using system = await start(1);
    const channel = await rawChannel(rabbitmq.url);
    const internal = `internal-${randomUUID()}`;
    await channel.assertExchange(internal, "fanout", { internal: true });
    send(channel, system, [
      addressed(system, "missing", { exchange: `missing-${randomUUID()}`, routing_key: "x" }),
      addressed(system, "internal", { exchange: internal, routing_key: "x" }),
    ]);
    expect((await system.journal.entry<Failure>("missing failed")).error.message).toContain("no exchange 'missing-");
    expect((await system.journal.entry<Failure>("internal failed")).error.message).toContain("internal exchange");
    await dead(channel, system, 2);
    await channel.deleteExchange(internal);
  });

  it("a dead-letter queue that somebody has deleted is declared again", async () => {
    await using system = await start(1);
    const channel = await rawChannel(rabbitmq.url);
    await channel.deleteQueue(`${system.queue}.dead`);
    send(channel, system, [addressed(system, "lost", { exchange: "", routing_key: "nowhere" })]);
    await system.journal.entry<Failure>("lost failed");
    expect(await system.remote.add(1, 1)).toBe(2);
    expect(await dead(channel, system, 1)).toMatchObject([{ task: "lab.record" }]);
  });
});
