import { describe, expect, it } from "vitest";
import { taskExchange } from "../../src/dist/broker/index.js";
import { openRabbitmq, rawChannel } from "../support/amqp-bench.ts";
import { brokerBench, consumeFrom, expectEmpty, messageTo, textOf } from "../support/broker-bench.ts";
import { eventually } from "../support/patience.ts";
import { amqpUrl } from "../support/brokers.ts";

/** As Ligature declares a quorum queue whose contract says nothing else. */
function quorum(name: string) {
  return {
    deadLetterExchange: "",
    deadLetterRoutingKey: `${name}.dead`,
    arguments: {
      "x-queue-type": "quorum",
      "x-delivery-limit": 10,
      "x-overflow": "reject-publish",
      "x-dead-letter-strategy": "at-least-once",
    },
  };
}

describe("a consumer of a queue that was deleted and declared again at once", () => {
  const bench = brokerBench(amqpUrl);

  // RabbitMQ 3.10 tells the consumer nothing of it, and sends it nothing any more.
  it("notices that messages wait, consumes again, and binds the queue again", async () => {
    const broker = openRabbitmq();
    const { name } = await bench.queue(broker);
    const { inbox } = await consumeFrom(broker, name, 1);
    const channel = await rawChannel();
    const [, declared] = await Promise.all([channel.deleteQueue(name), channel.assertQueue(name, quorum(name))]);
    expect(declared.queue).toBe(name);
    for (const text of ["1", "2", "3"]) channel.sendToQueue(name, Buffer.from(text));
    const arrived: string[] = [];
    while (arrived.length < 3) {
      const delivery = await inbox.next();
      arrived.push(textOf(delivery));
      delivery.ack();
    }
    expect(arrived.toSorted()).toEqual(["1", "2", "3"]);
    const routed = { ...messageTo(name, "routed"), exchange: taskExchange };
    await eventually(() => broker.publish(routed));
    expect(textOf(await inbox.next())).toBe("routed");
  });

  it("gets the one message that was handed to it and never arrived", async () => {
    const broker = openRabbitmq();
    const { name } = await bench.queue(broker);
    const { inbox } = await consumeFrom(broker, name);
    const channel = await rawChannel();
    await Promise.all([channel.deleteQueue(name), channel.assertQueue(name, quorum(name))]);
    channel.sendToQueue(name, Buffer.from("waits"));
    expect(textOf(await inbox.next(90_000))).toBe("waits");
  });

  it("binds a queue again whose bindings somebody removed", async () => {
    const broker = openRabbitmq();
    const { name } = await bench.queue(broker);
    const { inbox } = await consumeFrom(broker, name);
    const channel = await rawChannel();
    await channel.unbindQueue(name, taskExchange, name);
    await eventually(() => {
      channel.publish(taskExchange, name, Buffer.from("routed"));
      expect(inbox.unread).toBeGreaterThan(0);
    });
  });

  it("keeps what it holds of another life of the queue, and does no harm with it", async () => {
    const broker = openRabbitmq();
    const { name } = await bench.queue(broker);
    const { inbox, consumer } = await consumeFrom(broker, name);
    await broker.publish(messageTo(name, "held"));
    const held = await inbox.next();
    const channel = await rawChannel();
    await Promise.all([channel.deleteQueue(name), channel.assertQueue(name, quorum(name))]);
    held.ack();
    channel.sendToQueue(name, Buffer.from("waits"));
    const next = await inbox.next(90_000);
    expect(textOf(next)).toBe("waits");
    next.ack();
    await consumer.close();
    await expectEmpty(broker, name);
  });
});
