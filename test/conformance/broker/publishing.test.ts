import { describe, expect, it } from "vitest";
import { taskExchange } from "../../../src/dist/broker/index.js";
import { brokerBench, consumeFrom, expectCode, expectEmpty, messageTo, textOf } from "../../support/broker-bench.ts";
import { brokers } from "../../support/brokers.ts";

describe.each(brokers)("publishing on $name", ({ url }) => {
  const bench = brokerBench(url);

  it("resolves when the broker has the message: another handle finds it", async () => {
    const [sender, reader] = [bench.open(), bench.open()];
    const { name } = await bench.queue(sender);
    await expect(sender.publish(messageTo(name, "kept"))).resolves.toBeUndefined();
    await sender.close();
    const { inbox } = await consumeFrom(reader, name);
    expect(textOf(await inbox.next())).toBe("kept");
  });

  it("routes the task exchange by exact name", async () => {
    const broker = bench.open();
    const { name } = await bench.queue(broker);
    await bench.queue(broker, { name: `${name}.more` });
    await broker.publish(messageTo(name, "short", { exchange: taskExchange }));
    await broker.publish(messageTo(`${name}.more`, "long", { exchange: taskExchange }));
    const short = await consumeFrom(broker, name);
    const long = await consumeFrom(broker, `${name}.more`);
    const first = await short.inbox.next();
    expect(textOf(first)).toBe("short");
    expect(first.message).toMatchObject({ exchange: taskExchange, routingKey: name });
    expect(first.queue).toBe(name);
    expect(textOf(await long.inbox.next())).toBe("long");
    expect([short.inbox.unread, long.inbox.unread]).toEqual([0, 0]);
  });

  describe("rejects with UNROUTABLE what no queue gets", () => {
    it.each([
      ["an unknown queue", () => messageTo(bench.name(), "x")],
      ["an unknown key on the task exchange", () => messageTo(bench.name(), "x", { exchange: taskExchange })],
      ["a wildcard as key", () => messageTo("#", "x", { exchange: taskExchange })],
      ["an unknown exchange", () => messageTo(bench.name(), "x", { exchange: bench.name("exchange") })],
    ])("%s", async (_what, message) => {
      const broker = bench.open();
      const { name } = await bench.queue(broker);
      await expectCode(broker.publish(message()), "UNROUTABLE");
      await expectEmpty(broker, name);
    });

    it("and nothing else that is under way at the same time", async () => {
      const broker = bench.open();
      const { name } = await bench.queue(broker);
      const unknown = bench.name();
      const missing = bench.name("exchange");
      const outcomes = await Promise.allSettled(
        ["1", "lost", "2", "elsewhere", "3"].map((body) => {
          if (body === "elsewhere") return broker.publish(messageTo(name, body, { exchange: missing }));
          return broker.publish(messageTo(body === "lost" ? unknown : name, body));
        }),
      );
      expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "rejected", "fulfilled"]);
      const { inbox } = await consumeFrom(broker, name);
      expect((await inbox.take(3)).map(textOf)).toEqual(["1", "2", "3"]);
    });

    it("a reply queue is not on the task exchange", async () => {
      const broker = bench.open();
      const name = bench.name("reply");
      await broker.declare({ kind: "reply", name, expires: 60_000 });
      await expectCode(broker.publish(messageTo(name, "x", { exchange: taskExchange })), "UNROUTABLE");
    });
  });

  it("reaches a queue of Celery's by its name, not by the task exchange", async () => {
    const broker = bench.open();
    const { name } = await bench.queue(broker, { owner: "celery", type: "classic" });
    await broker.publish(messageTo(name, "by name"));
    await expectCode(broker.publish(messageTo(name, "lost", { exchange: taskExchange })), "UNROUTABLE");
    const { inbox } = await consumeFrom(broker, name);
    expect(textOf(await inbox.next())).toBe("by name");
  });

  it("keeps the order of publishes that nobody awaits one by one", async () => {
    const broker = bench.open();
    const { name } = await bench.queue(broker);
    const bodies = Array.from({ length: 1000 }, (_, index) => String(index));
    await Promise.all(bodies.map((body) => broker.publish(messageTo(name, body))));
    const { inbox } = await consumeFrom(broker, name, 1000);
    expect((await inbox.take(1000)).map(textOf)).toEqual(bodies);
  });

  it("refuses a body over maxPayload with PAYLOAD_TOO_LARGE, and takes one at the limit", async () => {
    const broker = bench.open({ maxPayload: 1000 });
    const { name } = await bench.queue(broker);
    await expectCode(broker.publish(messageTo(name, Buffer.alloc(1001))), "PAYLOAD_TOO_LARGE");
    await expectCode(broker.broadcast({ headers: {}, properties: {}, body: Buffer.alloc(1001) }), "PAYLOAD_TOO_LARGE");
    await broker.publish(messageTo(name, Buffer.alloc(1000, "x")));
    const { inbox } = await consumeFrom(broker, name);
    expect(textOf(await inbox.next())).toHaveLength(1000);
  });

  it("refuses with NOT_SENT what should have been sent before now", async () => {
    const broker = bench.open();
    const { name } = await bench.queue(broker);
    await expectCode(broker.publish(messageTo(name, "late"), { giveUpAt: Date.now() - 1 }), "NOT_SENT");
    await broker.publish(messageTo(name, "in time"), { giveUpAt: Date.now() + 10_000 });
    const { inbox } = await consumeFrom(broker, name);
    expect(textOf(await inbox.next())).toBe("in time");
    expect(inbox.unread).toBe(0);
  });

  it("may be called from a delivery, whose message is not the next one at once", async () => {
    const broker = bench.open();
    const { name } = await bench.queue(broker);
    const log: string[] = [];
    const done = new Promise<void>((resolve, reject) => {
      const onDelivery = (delivery: Parameters<Parameters<typeof broker.consume>[2]>[0]): void => {
        const text = textOf(delivery);
        log.push(`> ${text}`);
        delivery.ack();
        if (text === "1") broker.publish(messageTo(name, "2")).catch(reject);
        log.push(`< ${text}`);
        if (text === "2") resolve();
      };
      broker.consume(name, { prefetch: 10 }, onDelivery).then(() => broker.publish(messageTo(name, "1")), reject);
    });
    await done;
    expect(log).toEqual(["> 1", "< 1", "> 2", "< 2"]);
  });
});
