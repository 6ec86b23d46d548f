import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Broker } from "../../../src/dist/broker/index.js";
import type { Message } from "../../../src/dist/protocol/index.js";
import { brokerBench, textOf } from "../../support/broker-bench.ts";
import { brokers } from "../../support/brokers.ts";
import { Inbox } from "../../support/inbox.ts";

describe.each(brokers)("broadcasts on $name", ({ url }) => {
  const bench = brokerBench(url);

  /** Everyone on a RabbitMQ shares the exchange, so a test listens for what it sent itself. */
  function channel() {
    const id = randomUUID();
    const send = (broker: Broker, text: string): Promise<void> =>
      broker.broadcast({ headers: { id, clock: 300 }, properties: { contentType: "text/plain" }, body: Buffer.from(text) });
    const listen = async (broker: Broker) => {
      const inbox = new Inbox<Message>();
      const subscription = await broker.subscribe((message) => {
        if (message.headers["id"] === id) inbox.put(message);
      });
      return { inbox, subscription };
    };
    return { id, send, listen };
  }

  it("reach all who subscribe, the sender too, in order", async () => {
    const { id, send, listen } = channel();
    const [one, two] = [bench.open(), bench.open()];
    const listeners = [await listen(one), await listen(two), await listen(two)];
    await send(one, "first");
    await send(one, "second");
    for (const { inbox } of listeners) {
      const messages = await inbox.take(2);
      expect(messages.map((message) => textOf({ message }))).toEqual(["first", "second"]);
      expect(messages[0]).toMatchObject({ headers: { id, clock: 300 }, properties: { contentType: "text/plain" } });
    }
  });

  it("without anyone to hear them are no error, and are not stored", async () => {
    const { send, listen } = channel();
    const broker = bench.open();
    await send(broker, "unheard");
    const { inbox } = await listen(broker);
    await send(broker, "heard");
    expect(textOf({ message: await inbox.next() })).toBe("heard");
  });

  it.each(["cancel", "close"] as const)("end with %s of the subscription, for it alone", async (end) => {
    const { send, listen } = channel();
    const broker = bench.open();
    const [ended, other] = [await listen(broker), await listen(broker)];
    await send(broker, "both");
    await Promise.all([ended.inbox.next(), other.inbox.next()]);
    await ended.subscription[end]();
    await ended.subscription.close();
    await send(broker, "one");
    expect(textOf({ message: await other.inbox.next() })).toBe("one");
    expect(ended.inbox.unread).toBe(0);
  });

  it("go on after a subscriber has thrown an error", async () => {
    const { id, send } = channel();
    const broker = bench.open();
    const inbox = new Inbox<string>();
    await broker.subscribe((message) => {
      if (message.headers["id"] !== id) return;
      inbox.put(textOf({ message }));
      throw new Error("thrown by a subscriber");
    });
    await send(broker, "first");
    await send(broker, "second");
    expect(await inbox.take(2)).toEqual(["first", "second"]);
  });
});
