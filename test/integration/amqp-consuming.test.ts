import { describe, expect, it } from "vitest";
import { deadLetterQueue, type Delivery } from "../../src/dist/broker/index.js";
import { FrameCounter, logInbox, methods, openRabbitmq, rawChannel } from "../support/amqp-bench.ts";
import { brokerBench, consumeFrom, expectEmpty, messageTo, textOf } from "../support/broker-bench.ts";
import { amqpUrl } from "../support/brokers.ts";
import { Inbox } from "../support/inbox.ts";
import { recordLog } from "../support/log-recorder.ts";
import { TcpProxy } from "../support/tcp-proxy.ts";

const oneTo = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index + 1));

describe("consuming from RabbitMQ", () => {
  const bench = brokerBench(amqpUrl);

  it("goes on when the queue is deleted, which it declares again", async () => {
    const { log, lines } = logInbox();
    const broker = openRabbitmq({ log });
    const { name } = await bench.queue(broker);
    const { inbox } = await consumeFrom(broker, name);
    await broker.publish(messageTo(name, "before"));
    const before = await inbox.next();
    await (await rawChannel()).deleteQueue(name);
    expect(await lines.next()).toBe(`warn: queue "${name}" is not being consumed for now; trying again`);
    expect(await lines.next()).toBe(`info: consuming queue "${name}" again`);
    before.ack();
    await broker.publish(messageTo(name, "after"));
    const after = await inbox.next();
    expect([textOf(after), after.redelivered]).toEqual(["after", false]);
    after.ack();
  });

  it("tells many acknowledgements in one frame, and those above an open one at once", async () => {
    const proxy = await TcpProxy.start(amqpUrl());
    const acks = new FrameCounter(methods.basicAck);
    const publishing = openRabbitmq();
    const { name } = await bench.queue(publishing);
    proxy.toServer = () => new FrameCounter(methods.basicAck).see;
    const broker = openRabbitmq({ proxy });
    // The publishing connection is the first, the consuming one the second.
    await broker.declare({ kind: "task", spec: bench.spec() });
    proxy.toServer = () => acks.see;
    const { consumer, inbox } = await consumeFrom(broker, name, 1000);
    await Promise.all(oneTo(600).map((body) => publishing.publish(messageTo(name, body))));
    const deliveries = await inbox.take(600);
    for (const delivery of deliveries.slice(0, 500)) delivery.ack();
    // One stays open: nothing above it can be told together with what is below.
    for (const delivery of deliveries.slice(501)) delivery.ack();
    await consumer.close();
    expect(acks.count).toBe(1 + 99);
    const rest = await consumeFrom(publishing, name);
    const left = await rest.inbox.next();
    expect(textOf(left)).toBe("501");
    left.ack();
    await rest.consumer.close();
    await expectEmpty(publishing, name);
  });

  it("acknowledges what a thousand tasks finish in any order", async () => {
    const broker = openRabbitmq();
    const { name } = await bench.queue(broker);
    const { consumer, inbox } = await consumeFrom(broker, name, 1000);
    await Promise.all(oneTo(1000).map((body) => broker.publish(messageTo(name, body))));
    const deliveries = await inbox.take(1000);
    // 7 and 1000 have no divisor in common, so each comes once; every hundredth returns or dies instead.
    for (let index = 0; index < 1000; index++) {
      const delivery = deliveries[(index * 7) % 1000] as Delivery;
      if (index % 100 === 50) delivery.requeue();
      else if (index % 100 === 75) delivery.deadLetter();
      else delivery.ack();
      if (index % 10 === 0) await new Promise(setImmediate);
    }
    for (const again of await inbox.take(10)) {
      expect(again.deliveryCount).toBe(1);
      again.ack();
    }
    await consumer.close();
    await expectEmpty(broker, name);
    const dead = await consumeFrom(broker, deadLetterQueue(name));
    await dead.inbox.take(10);
  });

  it("hands out a delivery whose count has reached the limit, and none beyond", async () => {
    const broker = openRabbitmq();
    const { name } = await bench.queue(broker, { deliveryLimit: 2 });
    const [live, dead] = [await consumeFrom(broker, name), await consumeFrom(broker, deadLetterQueue(name))];
    await broker.publish(messageTo(name, "poison"));
    for (const count of [0, 1, 2]) {
      const delivery = await live.inbox.next();
      expect(delivery.deliveryCount).toBe(count);
      delivery.requeue();
    }
    expect(textOf(await dead.inbox.next())).toBe("poison");
    expect(live.inbox.unread).toBe(0);
  });

  it("takes higher priorities first, where the queue has them", async () => {
    const broker = openRabbitmq();
    const { name } = await bench.queue(broker, { type: "classic", maxPriority: 5 });
    const priorities = [0, 3, 5, 1, 4, 2];
    await Promise.all(
      priorities.map((priority) => broker.publish(messageTo(name, String(priority), { properties: { priority } }))),
    );
    const { inbox } = await consumeFrom(broker, name, 1);
    const order: string[] = [];
    for (let count = 0; count < 6; count++) {
      const delivery = await inbox.next();
      order.push(textOf(delivery));
      delivery.ack();
    }
    expect(order).toEqual(["5", "4", "3", "2", "1", "0"]);
  });

  it("survives a receiver that throws", async () => {
    const { log, lines } = recordLog();
    const broker = openRabbitmq({ log });
    const { name } = await bench.queue(broker);
    const inbox = new Inbox<Delivery>();
    await broker.consume(name, { prefetch: 10 }, (delivery) => {
      if (textOf(delivery) === "bad") throw new Error("a bug");
      inbox.put(delivery);
    });
    await broker.publish(messageTo(name, "bad"));
    await broker.publish(messageTo(name, "good"));
    expect(textOf(await inbox.next())).toBe("good");
    const dead = await consumeFrom(broker, deadLetterQueue(name));
    expect(textOf(await dead.inbox.next())).toBe("bad");
    expect(lines).toMatchObject([{ level: "error", message: expect.stringContaining("the receiver of a delivery threw") }]);
  });

  it("takes a time to hold messages with it; RabbitMQ before 4.3 ignores it", async () => {
    const broker = openRabbitmq();
    const { name } = await bench.queue(broker);
    const inbox = new Inbox<Delivery>();
    await broker.consume(name, { prefetch: 1, holdTimeout: 7_200_000 }, inbox.put);
    await broker.publish(messageTo(name, "x"));
    (await inbox.next()).ack();
  });
});
