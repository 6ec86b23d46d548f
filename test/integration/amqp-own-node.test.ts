import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startRabbitmq, type PrivateRabbitmq } from "../../scripts/lib/private-rabbitmq.mjs";
import type { Delivery } from "../../src/dist/broker/index.js";
import { logInbox, openRabbitmq } from "../support/amqp-bench.ts";
import { brokerBench, consumeFrom, expectCode, messageTo, textOf } from "../support/broker-bench.ts";
import { Inbox } from "../support/inbox.ts";

/** What takes a RabbitMQ that may be restarted, blocked and set to short limits. */
describe("RabbitMQ itself", () => {
  let rabbitmq: PrivateRabbitmq;

  beforeAll(async () => {
    rabbitmq = await startRabbitmq({ config: "max_message_size = 100000\n" });
  });
  afterAll(() => rabbitmq.stop());

  const bench = brokerBench(() => rabbitmq.url);
  const open = (options: Parameters<typeof openRabbitmq>[0] = {}) => openRabbitmq({ url: rabbitmq.url, ...options });

  async function setVariable(name: string, value: number): Promise<void> {
    await rabbitmq.ctl("eval", `application:set_env(rabbit, ${name}, ${value}).`);
  }

  it("throws out a consumer that holds a message too long; it is back, and told why", async () => {
    // A channel looks once a minute, unless told otherwise, for messages that are held too long.
    await setVariable("channel_tick_interval", 500);
    await setVariable("consumer_timeout", 1000);
    const { log, lines } = logInbox();
    const broker = open({ log });
    const { name } = await bench.queue(broker);
    const { inbox } = await consumeFrom(broker, name);
    await setVariable("consumer_timeout", 1_800_000);
    await broker.publish(messageTo(name, "long"));
    const first = await inbox.next();
    expect(await lines.next()).toBe(`warn: queue "${name}" is not being consumed for now; trying again`);
    const again = await inbox.next();
    expect([textOf(again), again.redelivered]).toEqual(["long", true]);
    // Of a channel that is gone: without effect, and without harm.
    first.ack();
    again.ack();
    expect(await lines.next()).toBe(`info: consuming queue "${name}" again`);
    await broker.publish(messageTo(name, "next"));
    expect(textOf(await inbox.next())).toBe("next");
  });

  it("refuses a body over its own limit, which is told as ours is, and spares the others", async () => {
    const broker = open();
    const { name } = await bench.queue(broker);
    const large = new Uint8Array(200_000);
    const outcomes = await Promise.allSettled([
      broker.publish(messageTo(name, "1")),
      broker.publish(messageTo(name, large)),
      broker.publish(messageTo(name, "2")),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    const refused = broker.publish(messageTo(name, large));
    await expectCode(refused, "PAYLOAD_TOO_LARGE");
    await expect(refused).rejects.toThrow("has 200000 bytes, RabbitMQ's limit");
  });

  it("blocks publishers when it is out of memory; consumers go on, and publishes wait", async () => {
    const { log, lines } = logInbox();
    const broker = open({ log });
    const { name } = await bench.queue(broker);
    await Promise.all(["1", "2"].map((body) => broker.publish(messageTo(name, body))));
    const inbox = new Inbox<Delivery>();
    await broker.consume(name, { prefetch: 1 }, inbox.put);
    const first = await inbox.next();
    await rabbitmq.ctl("set_vm_memory_high_watermark", "absolute", "1");
    try {
      // RabbitMQ tells a connection that it is blocked when it publishes.
      const written = broker.publish(messageTo(name, "3"));
      expect(await lines.next()).toMatch(/^warn: RabbitMQ at .+ takes no messages until it has more memory or disk space$/);
      expect(broker.status).toEqual({ connected: true, blocked: expect.stringContaining("memory") as string });
      const refused = broker.publish(messageTo(name, "given up"), { giveUpAt: Date.now() + 300 });
      await expectCode(refused, "NOT_SENT");
      await expect(refused).rejects.toThrow("takes no messages for now (low on memory)");
      first.ack();
      expect(textOf(await inbox.next())).toBe("2");
      const waiting = broker.publish(messageTo(name, "4"));
      await rabbitmq.ctl("set_vm_memory_high_watermark", "0.4");
      await Promise.all([written, waiting]);
      expect(await lines.next()).toMatch(/^info: RabbitMQ at .+ takes messages again$/);
      expect(broker.status.blocked).toBeUndefined();
    } finally {
      await rabbitmq.ctl("set_vm_memory_high_watermark", "0.4");
    }
  });

  it("keeps delayed messages, queues and publishes through a power failure", async () => {
    const { log, lines } = logInbox();
    const broker = open({ log, publishTimeout: 60_000 });
    const { name } = await bench.queue(broker);
    const { inbox } = await consumeFrom(broker, name);
    await broker.publish(messageTo(name, "declares the ladder"), { delay: 20_000 });
    await broker.publish(messageTo(name, "now"));
    (await inbox.next()).ack();
    // RabbitMQ 3.10 writes the register of its quorum queues to disk every few seconds. One that isn't in it yet
    // comes back empty after a power failure; that is not what is tested here.
    await rabbitmq.ctl("eval", "[dets:sync(Table) || Table <- dets:all()].");
    await broker.publish(messageTo(name, "soon"), { delay: 1000 });
    await broker.publish(messageTo(name, "later"), { delay: 19_000 });
    await rabbitmq.kill();
    expect(await lines.next()).toMatch(/^warn: RabbitMQ at .+ can't be reached/);
    const waiting = broker.publish(messageTo(name, "meanwhile"));
    await rabbitmq.start();
    await waiting;
    const arrived = new Set<string>();
    while (arrived.size < 4) {
      const delivery = await inbox.next(40_000);
      delivery.ack();
      arrived.add(textOf(delivery));
    }
    expect([...arrived].toSorted()).toEqual(["declares the ladder", "later", "meanwhile", "soon"]);
    expect([...arrived].slice(2).toSorted()).toEqual(["declares the ladder", "later"]);
  });
});
