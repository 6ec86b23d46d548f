import { describe, expect, it } from "vitest";
import { deadLetterQueue } from "../../../src/dist/broker/index.js";
import { brokerBench, consumeFrom, expectEmpty, messageTo, textOf } from "../../support/broker-bench.ts";
import { brokers } from "../../support/brokers.ts";

describe.each(brokers)("dead letters on $name", ({ url }) => {
  const bench = brokerBench(url);

  it.each(["quorum", "classic"] as const)("of a %s queue go to <queue>.dead, as they were", async (type) => {
    const broker = bench.open();
    const { name } = await bench.queue(broker, { type });
    const properties = { contentType: "text/plain", correlationId: "id", replyTo: "nowhere", priority: 3 };
    await broker.publish(messageTo(name, "poison", { headers: { task: "t", limit: [300, null] }, properties }));
    const { inbox } = await consumeFrom(broker, name);
    (await inbox.next()).deadLetter();
    const dead = await (await consumeFrom(broker, deadLetterQueue(name))).inbox.next();
    expect([textOf(dead), dead.queue, dead.redelivered, dead.deliveryCount]).toEqual(["poison", deadLetterQueue(name), false, 0]);
    expect(dead.message.headers).toMatchObject({
      task: "t",
      limit: [300, null],
      "x-first-death-reason": "rejected",
      "x-first-death-queue": name,
      "x-death": [{ count: 1, reason: "rejected", queue: name, exchange: "", "routing-keys": [name] }],
    });
    expect(dead.message.properties).toEqual(properties);
  });

  it("queues are queues: messages there can be settled in every way, and be sent back", async () => {
    const broker = bench.open();
    const { name } = await bench.queue(broker);
    const [live, dead] = [await consumeFrom(broker, name), await consumeFrom(broker, deadLetterQueue(name))];
    await broker.publish(messageTo(name, "poison"));
    (await live.inbox.next()).deadLetter();
    (await dead.inbox.next()).requeue();
    const again = await dead.inbox.next();
    expect(again.redelivered).toBe(true);
    await broker.publish({ ...again.message, routingKey: name, headers: {} });
    again.ack();
    expect(textOf(await live.inbox.next())).toBe("poison");
    await broker.publish(messageTo(deadLetterQueue(name), "dropped"));
    (await dead.inbox.next()).deadLetter();
    await dead.consumer.close();
    await expectEmpty(broker, deadLetterQueue(name));
  });

  it("can be sent back with all their headers, and die again like any other message", async () => {
    const broker = bench.open();
    const { name } = await bench.queue(broker);
    const [live, dead] = [await consumeFrom(broker, name), await consumeFrom(broker, deadLetterQueue(name))];
    await broker.publish(messageTo(name, "poison", { headers: { task: "t" } }));
    (await live.inbox.next()).deadLetter();
    const first = await dead.inbox.next();
    await broker.publish({ ...first.message, routingKey: name });
    const again = await live.inbox.next();
    expect([again.message.headers, again.deliveryCount]).toEqual([{ task: "t" }, 0]);
    again.deadLetter();
    const second = await dead.inbox.next();
    expect(second.message.headers).toMatchObject({ task: "t", "x-death": [{ count: 1, reason: "rejected", queue: name }] });
  });

  it("of a queue of Celery's, which has no dead-letter queue, are dropped", async () => {
    const broker = bench.open();
    const { name } = await bench.queue(broker, { owner: "celery", type: "classic" });
    const { inbox, consumer } = await consumeFrom(broker, name);
    await broker.publish(messageTo(name, "poison"));
    (await inbox.next()).deadLetter();
    await consumer.close();
    await expectEmpty(broker, name);
  });

  // As in RabbitMQ, a message that came back `deliveryLimit` times is delivered once more: a worker sees by the
  // count that it is poison and can answer the caller, which the broker can't.
  it.each([1, 3])("take a message of a quorum queue that came back more than deliveryLimit = %i times", async (deliveryLimit) => {
    const broker = bench.open();
    const { name } = await bench.queue(broker, { deliveryLimit });
    const { inbox } = await consumeFrom(broker, name);
    const dead = await consumeFrom(broker, deadLetterQueue(name));
    await broker.publish(messageTo(name, "poison"));
    for (let count = 0; count <= deliveryLimit; count += 1) {
      const delivery = await inbox.next();
      expect(delivery.deliveryCount).toBe(count);
      delivery.requeue();
    }
    const { message } = await dead.inbox.next();
    expect(message.headers).toMatchObject({
      "x-first-death-reason": "delivery_limit",
      "x-first-death-queue": name,
      "x-death": [{ count: 1, reason: "delivery_limit", queue: name }],
    });
    expect(inbox.unread).toBe(0);
  });

  it("take a message that one consumer after the other left unsettled", async () => {
    const broker = bench.open();
    const { name } = await bench.queue(broker, { deliveryLimit: 2 });
    await broker.publish(messageTo(name, "poison"));
    for (const count of [0, 1, 2]) {
      const { consumer, inbox } = await consumeFrom(broker, name);
      expect((await inbox.next()).deliveryCount).toBe(count);
      await consumer.close();
    }
    expect(textOf(await (await consumeFrom(broker, deadLetterQueue(name))).inbox.next())).toBe("poison");
  });

  it("never take a message of a classic queue by themselves", async () => {
    const broker = bench.open();
    const { name } = await bench.queue(broker, { type: "classic", deliveryLimit: 1 });
    const { inbox, consumer } = await consumeFrom(broker, name);
    await broker.publish(messageTo(name, "again"));
    for (let count = 0; count < 5; count += 1) (await inbox.next()).requeue();
    (await inbox.next()).ack();
    await consumer.close();
    await expectEmpty(broker, name);
  });
});
