import { describe, expect, it } from "vitest";
import { deadLetterQueue, type Delivery } from "../../../src/dist/broker/index.js";
import { brokerBench, consumeFrom, expectCode, expectEmpty, messageTo, textOf } from "../../support/broker-bench.ts";
import { brokers } from "../../support/brokers.ts";
import { Inbox } from "../../support/inbox.ts";

const types = ["quorum", "classic"] as const;
const oneTo = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index + 1));

describe.each(brokers)("consuming on $name", ({ url }) => {
  const bench = brokerBench(url);

  async function filled(bodies: readonly string[], given: Parameters<typeof bench.queue>[1] = {}) {
    const broker = bench.open();
    const { name } = await bench.queue(broker, given);
    await Promise.all(bodies.map((body) => broker.publish(messageTo(name, body))));
    return { broker, name };
  }

  it.each(types)("hands out a %s queue in order, each message for the first time", async (type) => {
    const { broker, name } = await filled(oneTo(200), { type });
    const { inbox } = await consumeFrom(broker, name, 200);
    const deliveries = await inbox.take(200);
    expect(deliveries.map(textOf)).toEqual(oneTo(200));
    expect(deliveries.every(({ redelivered, deliveryCount }) => !redelivered && deliveryCount === 0)).toBe(true);
  });

  it("hands out what comes later, too", async () => {
    const { broker, name } = await filled([]);
    const { inbox } = await consumeFrom(broker, name);
    await broker.publish(messageTo(name, "1"));
    expect(textOf(await inbox.next())).toBe("1");
    await broker.publish(messageTo(name, "2"));
    expect(textOf(await inbox.next())).toBe("2");
  });

  it.each([1, 3])("hands out %i messages at a time when that is the prefetch", async (prefetch) => {
    const { broker, name } = await filled(oneTo(8));
    const limited = await consumeFrom(broker, name, prefetch);
    const held = await limited.inbox.take(prefetch);
    // What the limited consumer doesn't get is there for another one: all the rest, and not one less.
    const other = await consumeFrom(broker, name, 100);
    const rest = await other.inbox.take(8 - prefetch);
    expect([...held, ...rest].map(textOf)).toEqual(oneTo(8));
    expect([limited.inbox.unread, other.inbox.unread]).toEqual([0, 0]);
  });

  it("hands out the next one when one is settled, in whichever way", async () => {
    const { broker, name } = await filled(oneTo(4));
    const { inbox } = await consumeFrom(broker, name, 1);
    (await inbox.next()).ack();
    (await inbox.next()).deadLetter();
    const third = await inbox.next();
    expect([textOf(third), inbox.unread]).toEqual(["3", 0]);
    third.requeue();
    expect(textOf(await inbox.next())).toBe("3");
  });

  it("settles out of order", async () => {
    const { broker, name } = await filled(oneTo(4));
    const { inbox, consumer } = await consumeFrom(broker, name);
    const [first, second, third, fourth] = await inbox.take(4);
    third?.ack();
    first?.ack();
    await consumer.close();
    second?.ack();
    fourth?.ack();
    const again = await consumeFrom(broker, name);
    expect((await again.inbox.take(2)).map(textOf)).toEqual(["2", "4"]);
  });

  it.each(types)("gives a requeued message of a %s queue its place back", async (type) => {
    const { broker, name } = await filled(oneTo(4), { type });
    const { inbox } = await consumeFrom(broker, name, 2);
    const [first, second] = await inbox.take(2);
    first?.requeue();
    const again = await inbox.next();
    expect([textOf(again), again.redelivered, again.deliveryCount]).toEqual(["1", true, 1]);
    again.ack();
    second?.ack();
    expect((await inbox.take(2)).map((delivery) => [textOf(delivery), delivery.redelivered])).toEqual([
      ["3", false],
      ["4", false],
    ]);
  });

  it("counts how often a message of a quorum queue was delivered", async () => {
    const { broker, name } = await filled(["again"], { deliveryLimit: 5 });
    const { inbox, consumer } = await consumeFrom(broker, name);
    for (const count of [0, 1, 2, 3]) {
      const delivery = await inbox.next();
      expect([delivery.deliveryCount, delivery.redelivered]).toEqual([count, count > 0]);
      delivery.requeue();
    }
    (await inbox.next()).ack();
    await consumer.close();
    await expectEmpty(broker, name);
  });

  const settlements = ["ack", "requeue", "deadLetter"] as const;
  it.each(settlements.flatMap((first) => settlements.map((second) => [first, second] as const)))(
    "takes the first of two settlements: %s, then %s",
    async (first, second) => {
      const { broker, name } = await filled(["1", "2"]);
      const { inbox } = await consumeFrom(broker, name, 1);
      const delivery = await inbox.next();
      delivery[first]();
      delivery[second]();
      const next = await inbox.next();
      expect(textOf(next)).toBe(first === "requeue" ? "1" : "2");
      next.ack();
      if (first === "requeue") (await inbox.next()).ack();
      await broker.publish(messageTo(name, "3"));
      expect(textOf(await inbox.next())).toBe("3");
      const dead = await consumeFrom(broker, deadLetterQueue(name));
      await broker.publish(messageTo(deadLetterQueue(name), "marker"));
      expect(textOf(await dead.inbox.next())).toBe(first === "deadLetter" ? "1" : "marker");
    },
  );

  it.each(types)("a closed consumer's unsettled messages of a %s queue come again, in order", async (type) => {
    const { broker, name } = await filled(oneTo(5), { type });
    const { consumer, inbox } = await consumeFrom(broker, name, 3);
    const held = await inbox.take(3);
    held[1]?.ack();
    await inbox.next();
    await consumer.close();
    await consumer.close();
    const again = await consumeFrom(broker, name);
    expect(
      (await again.inbox.take(4)).map((delivery) => [textOf(delivery), delivery.redelivered, delivery.deliveryCount]),
    ).toEqual([
      ["1", true, 1],
      ["3", true, 1],
      ["4", true, 1],
      ["5", false, 0],
    ]);
    expect(inbox.unread).toBe(0);
  });

  it("what a closed consumer does to its deliveries has no effect", async () => {
    const { broker, name } = await filled(["1", "2"]);
    const { consumer, inbox } = await consumeFrom(broker, name);
    const [first, second] = await inbox.take(2);
    await consumer.close();
    first?.ack();
    second?.deadLetter();
    const again = await consumeFrom(broker, name);
    const deliveries = await again.inbox.take(2);
    expect(deliveries.map(textOf)).toEqual(["1", "2"]);
    // Stale settlements don't hit the new deliveries either, whose tags may be the same.
    first?.ack();
    second?.ack();
    await again.consumer.close();
    expect((await (await consumeFrom(broker, name)).inbox.take(2)).map(textOf)).toEqual(["1", "2"]);
  });

  it("a closed broker's unsettled messages come again", async () => {
    const { broker, name } = await filled(["1", "2"]);
    const other = bench.open();
    const { inbox } = await consumeFrom(other, name, 1);
    await inbox.next();
    await other.close();
    const again = await consumeFrom(broker, name);
    expect((await again.inbox.take(2)).map((delivery) => [textOf(delivery), delivery.redelivered])).toEqual([
      ["1", true],
      ["2", false],
    ]);
  });

  it("a cancelled consumer gets nothing more, and keeps what it has until it is closed", async () => {
    const { broker, name } = await filled(oneTo(3));
    const { consumer, inbox } = await consumeFrom(broker, name, 2);
    const [first, second] = await inbox.take(2);
    await consumer.cancel();
    await consumer.cancel();
    first?.ack();
    const other = await consumeFrom(broker, name);
    expect(textOf(await other.inbox.next())).toBe("3");
    await broker.publish(messageTo(name, "4"));
    expect(textOf(await other.inbox.next())).toBe("4");
    expect([inbox.unread, other.inbox.unread]).toEqual([0, 0]);
    await consumer.close();
    const returned = await other.inbox.next();
    expect([textOf(returned), returned.redelivered]).toEqual(["2", true]);
    second?.ack();
  });

  it("shares a queue among consumers by their prefetch", async () => {
    const { broker, name } = await filled([]);
    const consumers = [
      await consumeFrom(broker, name, 5),
      await consumeFrom(broker, name, 5),
      await consumeFrom(bench.open(), name, 5),
    ];
    await Promise.all(oneTo(15).map((body) => broker.publish(messageTo(name, body))));
    const shares = await Promise.all(consumers.map(({ inbox }) => inbox.take(5)));
    expect(
      shares
        .flat()
        .map(textOf)
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(oneTo(15).map(Number));
    expect(consumers.map(({ inbox }) => inbox.unread)).toEqual([0, 0, 0]);
  });

  it("hands out 5,000 messages to two consumers, each message once", async () => {
    const { broker, name } = await filled(oneTo(5000));
    const seen: string[] = [];
    const all = new Inbox<void>();
    const onDelivery = (delivery: Delivery): void => {
      seen.push(textOf(delivery));
      setImmediate(() => delivery.ack());
      if (seen.length === 5000) all.put();
    };
    const consumers = [
      await broker.consume(name, { prefetch: 50 }, onDelivery),
      await bench.open().consume(name, { prefetch: 50 }, onDelivery),
    ];
    await all.next(25_000);
    expect(new Set(seen).size).toBe(5000);
    for (const consumer of consumers) await consumer.cancel();
    await expectEmpty(broker, name);
    expect(seen).toHaveLength(5000);
  });

  it("dead-letters a message over which the consumer's callback throws, and goes on", async () => {
    const { broker, name } = await filled(oneTo(2));
    const inbox = new Inbox<Delivery>();
    await broker.consume(name, { prefetch: 10 }, (delivery) => {
      inbox.put(delivery);
      if (textOf(delivery) === "1") throw new Error("thrown by a consumer");
    });
    expect((await inbox.take(2)).map(textOf)).toEqual(["1", "2"]);
    expect(textOf(await (await consumeFrom(broker, deadLetterQueue(name))).inbox.next())).toBe("1");
  });

  it("can't begin at a queue that doesn't exist: UNROUTABLE", async () => {
    const { broker, name } = await filled(["x"]);
    await expectCode(
      broker.consume(bench.name(), { prefetch: 1 }, () => {}),
      "UNROUTABLE",
    );
    expect(textOf(await (await consumeFrom(broker, name)).inbox.next())).toBe("x");
  });

  it.each([0, -1, 1.5, 65_536, Number.NaN])("refuses a prefetch of %d with INVALID_OPTION", async (prefetch) => {
    const { broker, name } = await filled([]);
    await expectCode(
      broker.consume(name, { prefetch }, () => {}),
      "INVALID_OPTION",
    );
  });
});
