import { describe, expect, it } from "vitest";
import { taskExchange } from "../../../src/dist/broker/index.js";
import { brokerBench, consumeFrom, expectCode, messageTo, textOf } from "../../support/broker-bench.ts";
import { brokers } from "../../support/brokers.ts";

describe.each(brokers)("delays on $name", ({ url }) => {
  const bench = brokerBench(url);

  it("hold a message back for as long as asked, whatever is sent meanwhile", async () => {
    const broker = bench.open();
    const { name } = await bench.queue(broker);
    const { inbox } = await consumeFrom(broker, name);
    const sent = performance.now();
    await broker.publish(messageTo(name, "later"), { delay: 2000 });
    // Confirmed long before it is delivered, and what is sent then overtakes it.
    expect(inbox.unread).toBe(0);
    await broker.publish(messageTo(name, "now"));
    expect(textOf(await inbox.next())).toBe("now");
    expect(textOf(await inbox.next())).toBe("later");
    // Node's clock and the broker's may differ by a tick.
    expect(performance.now() - sent).toBeGreaterThan(1995);
  });

  it("end in the order of their times, not of sending", async () => {
    const broker = bench.open();
    const { name } = await bench.queue(broker);
    const { inbox } = await consumeFrom(broker, name);
    await Promise.all([1200, 100, 600].map((delay) => broker.publish(messageTo(name, String(delay)), { delay })));
    expect((await inbox.take(3)).map(textOf)).toEqual(["100", "600", "1200"]);
  });

  it("deliver what was sent, from the default exchange", async () => {
    const broker = bench.open();
    const { name } = await bench.queue(broker, { type: "classic" });
    const { inbox } = await consumeFrom(broker, name);
    const message = messageTo(name, Buffer.from([0, 255, 128]), {
      exchange: taskExchange,
      headers: { task: "t", "ligature-deadline": 1_795_357_415_123, timelimit: [300, null] },
      properties: {
        contentType: "application/json",
        contentEncoding: "utf-8",
        correlationId: "id",
        replyTo: "reply",
        priority: 4,
      },
    });
    await broker.publish(message, { delay: 50 });
    const delivery = await inbox.next();
    expect([delivery.message.exchange, delivery.message.routingKey]).toEqual(["", name]);
    expect([delivery.queue, delivery.redelivered, delivery.deliveryCount]).toEqual([name, false, 0]);
    expect(delivery.message.headers).toMatchObject(message.headers);
    expect(delivery.message.properties).toEqual(message.properties);
    expect(Buffer.compare(delivery.message.body, message.body)).toBe(0);
  });

  it("end in the queue that was named, not in one with a similar name", async () => {
    const broker = bench.open();
    const base = bench.name();
    const names = [base, `before.${base}`, `${base}.after`, `1.0.${base}`];
    for (const name of names) await bench.queue(broker, { name });
    const consumers = await Promise.all(names.map((name) => consumeFrom(broker, name)));
    for (const exchange of ["", taskExchange]) {
      await Promise.all(names.map((name) => broker.publish(messageTo(name, name, { exchange }), { delay: 100 })));
      for (const [index, { inbox }] of consumers.entries()) expect(textOf(await inbox.next())).toBe(names[index]);
    }
    await Promise.all(names.map((name) => broker.publish(messageTo(name, `end ${name}`))));
    for (const [index, { inbox }] of consumers.entries()) expect(textOf(await inbox.next())).toBe(`end ${names[index]}`);
  });

  it("reach a queue of Celery's", async () => {
    const broker = bench.open();
    const { name } = await bench.queue(broker, { owner: "celery", type: "classic" });
    const { inbox } = await consumeFrom(broker, name);
    await broker.publish(messageTo(name, "by name"), { delay: 100 });
    expect(textOf(await inbox.next())).toBe("by name");
    await broker.publish(messageTo(name, "by exchange", { exchange: name }), { delay: 100 });
    expect(textOf(await inbox.next())).toBe("by exchange");
  });

  it("outlive the handle that asked for them", async () => {
    const broker = bench.open();
    const { name } = await bench.queue(broker);
    const other = bench.open();
    await other.publish(messageTo(name, "later"), { delay: 200 });
    await other.close();
    expect(textOf(await (await consumeFrom(broker, name)).inbox.next())).toBe("later");
  });

  it.each([
    ["an unknown queue", () => messageTo(bench.name(), "x")],
    ["an unknown key on the task exchange", () => messageTo(bench.name(), "x", { exchange: taskExchange })],
    ["a wildcard as key", () => messageTo("#", "x", { exchange: taskExchange })],
    ["an unknown exchange", () => messageTo(bench.name(), "x", { exchange: bench.name("exchange") })],
  ])("to %s are UNROUTABLE at once", async (_what, message) => {
    const broker = bench.open();
    const { name } = await bench.queue(broker);
    await expectCode(broker.publish(message(), { delay: 60_000 }), "UNROUTABLE");
    await broker.publish(messageTo(name, "next"), { delay: 1 });
    expect(textOf(await (await consumeFrom(broker, name)).inbox.next())).toBe("next");
  });

  it("of 0 are none", async () => {
    const broker = bench.open();
    const { name } = await bench.queue(broker);
    await broker.publish(messageTo(name, "now"), { delay: 0 });
    expect(textOf(await (await consumeFrom(broker, name)).inbox.next())).toBe("now");
    await expectCode(broker.publish(messageTo(bench.name(), "x"), { delay: 0 }), "UNROUTABLE");
  });

  it("of 180 days are taken", async () => {
    const broker = bench.open();
    const { name } = await bench.queue(broker);
    await broker.publish(messageTo(name, "much later"), { delay: 180 * 24 * 3600 * 1000 });
    await broker.publish(messageTo(name, "now"));
    const { inbox } = await consumeFrom(broker, name);
    expect(textOf(await inbox.next())).toBe("now");
    expect(inbox.unread).toBe(0);
  });
});
