import { connect } from "amqplib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deadLetterQueue } from "../../src/dist/broker/index.js";
import type { HeaderValue } from "../../src/dist/protocol/index.js";
import { openRabbitmq, rawChannel } from "../support/amqp-bench.ts";
import { brokerBench, consumeFrom, expectEmpty, messageTo, textOf } from "../support/broker-bench.ts";
import { amqpUrl } from "../support/brokers.ts";
import { replacing, TcpProxy } from "../support/tcp-proxy.ts";

describe("headers that amqplib can't read", () => {
  const bench = brokerBench(amqpUrl);

  it("of py-amqp's type L arrive as the integers that they are", async () => {
    // RabbitMQ knows the type and passes it on; an `l` is turned into it on its way there.
    const proxy = await TcpProxy.start(amqpUrl());
    proxy.toServer = () => replacing("sentl", "sentL");
    const sender = openRabbitmq({ proxy });
    const receiver = await TcpProxy.start(amqpUrl());
    const broker = openRabbitmq({ proxy: receiver });
    const { name } = await bench.queue(broker, { type: "classic" });
    await sender.publish(messageTo(name, "from Python", { headers: { sent: 1_795_357_830_000, task: "t" } }));

    // Proof that it is poison: amqplib alone loses its connection.
    const raw = await connect(amqpUrl());
    const lost = new Promise<Error>((resolve) => raw.once("error", resolve));
    await (await raw.createChannel()).consume(name, () => {});
    await expect(lost).resolves.toMatchObject({ message: 'Unexpected type tag "L"' });

    const { inbox } = await consumeFrom(broker, name);
    const delivery = await inbox.next();
    expect(textOf(delivery)).toBe("from Python");
    expect(delivery.message.headers).toMatchObject({ sent: 1_795_357_830_000, task: "t" });
    delivery.ack();
    await broker.publish(messageTo(name, "next"));
    expect(textOf(await inbox.next())).toBe("next");
    // One connection publishes, one consumes; none was lost.
    expect(receiver.connections).toBe(2);
  });

  it("of a type that nobody knows mark the message, and keep what stands before", async () => {
    // RabbitMQ itself refuses such a header, so it is made on the way from it: by a later one, say.
    const proxy = await TcpProxy.start(amqpUrl());
    const broker = openRabbitmq({ proxy });
    const { name } = await bench.queue(broker);
    proxy.toClient = () => replacing("oddI\0\0\0\u0007", "odd?\0\0\0\u0007");
    const { inbox } = await consumeFrom(broker, name);
    const headers = { task: "t", id: "1", odd: 7 };
    await broker.publish(messageTo(name, "odd", { headers, properties: { correlationId: "1", replyTo: "caller", priority: 3 } }));
    const { message, ...delivery } = await inbox.next();
    expect(message.headers).toEqual({ task: "t", id: "1", "ligature-damaged-headers": 'odd: unknown type "?"' });
    expect(message.properties).toMatchObject({ correlationId: "1", replyTo: "caller", priority: 3 });
    expect(delivery.redelivered).toBe(false);
    await broker.publish(messageTo(name, "next"));
    expect(textOf(await inbox.next())).toBe("next");
    expect(proxy.connections).toBe(2);
  });

  it("nested deeper than anyone needs mark the message, too", async () => {
    const broker = openRabbitmq();
    const { name } = await bench.queue(broker);
    const channel = await rawChannel();
    let nested: object = {};
    for (let depth = 0; depth < 500; depth++) nested = { n: nested };
    channel.sendToQueue(name, Buffer.from("deep"), { headers: { id: "1", nested } });
    const { inbox } = await consumeFrom(broker, name);
    const { headers } = (await inbox.next()).message;
    expect(headers).toMatchObject({
      id: "1",
      "ligature-damaged-headers": expect.stringContaining("nested deeper than 32 levels"),
    });
  });

  it("of types that JSON hasn't arrive as its nearest", async () => {
    const broker = openRabbitmq();
    const { name } = await bench.queue(broker);
    const channel = await rawChannel();
    channel.sendToQueue(name, Buffer.from("x"), {
      headers: {
        time: { "!": "timestamp", value: 1_795_357_830 },
        money: { "!": "decimal", value: { places: 2, digits: 1999 } },
        bytes: Buffer.from("abc"),
        float: { "!": "float", value: 0.5 },
        ["__proto__"]: "a header like any other",
      },
    });
    const { inbox } = await consumeFrom(broker, name);
    const { headers } = (await inbox.next()).message;
    expect(headers).toMatchObject({ time: 1_795_357_830, money: 19.99, bytes: "abc", float: 0.5 });
    expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
  });

  it("that forge a delivery count aren't believed", async () => {
    const broker = openRabbitmq();
    const { name } = await bench.queue(broker);
    const channel = await rawChannel();
    channel.sendToQueue(name, Buffer.from("x"), { headers: { "x-delivery-count": 99 } });
    const { inbox } = await consumeFrom(broker, name);
    const first = await inbox.next();
    expect(first).toMatchObject({ redelivered: false, deliveryCount: 0 });
    first.requeue();
    expect(await inbox.next()).toMatchObject({ redelivered: true, deliveryCount: 1 });
  });

  // RabbitMQ 3.10's queues crash over some of these when they dead-letter the message.
  describe.each(["quorum", "classic"] as const)("that forge a record of deaths, in a %s queue,", (type) => {
    const death = { count: 1, reason: "rejected", exchange: "", "routing-keys": ["q"] };
    it.each<[string, unknown]>([
      ["a string", "forged"],
      ["a number", 5],
      ["a list of strings", ["forged"]],
      ["a list of numbers", [1, 2]],
      ["a count that is text", [{ ...death, count: "many", queue: "QUEUE" }]],
      ["a count that isn't whole", [{ ...death, count: { "!": "double", value: 1 }, queue: "QUEUE" }]],
      ["one that looks genuine", [{ ...death, queue: "QUEUE" }]],
    ])("are left out when it is dead-lettered: %s", async (_what, forged) => {
      const broker = openRabbitmq();
      const { name } = await bench.queue(broker, { type });
      const channel = await rawChannel();
      const deaths: unknown = JSON.parse(JSON.stringify(forged).replaceAll("QUEUE", name));
      channel.sendToQueue(name, Buffer.from("x"), { headers: { task: "t", "x-death": deaths }, correlationId: "c" });
      const { inbox, consumer } = await consumeFrom(broker, name);
      (await inbox.next()).deadLetter();
      const dead = await consumeFrom(broker, deadLetterQueue(name));
      const { message } = await dead.inbox.next();
      expect([Buffer.from(message.body).toString(), message.headers, message.properties.correlationId]).toEqual([
        "x",
        { task: "t" },
        "c",
      ]);
      await broker.publish(messageTo(name, "next"));
      (await inbox.next()).ack();
      await consumer.close();
      await expectEmpty(broker, name);
    });
  });

  it("that forge a record of deaths are acknowledged where there is no dead-letter queue", async () => {
    const broker = openRabbitmq();
    const { name } = await bench.queue(broker, { owner: "celery", type: "classic" });
    const channel = await rawChannel();
    channel.sendToQueue(name, Buffer.from("x"), { headers: { "x-death": ["forged"] } });
    const { inbox, consumer } = await consumeFrom(broker, name);
    (await inbox.next()).deadLetter();
    await consumer.close();
    await expectEmpty(broker, name);
  });

  it("don't come of ours: any headers arrive as they were", async () => {
    const broker = openRabbitmq();
    const { name } = await bench.queue(broker);
    const { inbox } = await consumeFrom(broker, name);
    const text = fc.string({ unit: "grapheme", maxLength: 10 });
    const { value } = fc.letrec<{ value: HeaderValue }>((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        text,
        fc.boolean(),
        fc.constant(null),
        fc.maxSafeInteger(),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(text, tie("value"), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(text, value, { maxKeys: 6, noNullPrototype: true }), async (headers) => {
        await broker.publish(messageTo(name, "x", { headers }));
        const delivery = await inbox.next();
        delivery.ack();
        expect(delivery.message.headers).toEqual(headers);
      }),
      { numRuns: 300 },
    );
  });
});
