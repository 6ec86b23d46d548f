import { describe, expect, it } from "vitest";
import { brokerBench, consumeFrom, expectCode, messageTo, textOf } from "../../support/broker-bench.ts";
import { brokers } from "../../support/brokers.ts";

describe.each(brokers)("closing a broker on $name", ({ url }) => {
  const bench = brokerBench(url);

  it("waits for publishes that are under way", async () => {
    const broker = bench.open();
    const { name } = await bench.queue(broker);
    const other = bench.open();
    const bodies = Array.from({ length: 200 }, (_, index) => String(index));
    const settled: string[] = [];
    const publishes = Promise.allSettled(
      bodies.map((body) => other.publish(messageTo(name, body)).finally(() => settled.push(body))),
    );
    await other.close();
    expect(settled).toEqual(bodies);
    expect((await publishes).filter(({ status }) => status === "rejected")).toEqual([]);
    const { inbox } = await consumeFrom(broker, name, 200);
    expect((await inbox.take(200)).map(textOf)).toEqual(bodies);
  });

  it("may be done twice, and at once", async () => {
    const broker = bench.open();
    await bench.queue(broker);
    await Promise.all([broker.close(), broker.close()]);
    await broker.close();
  });

  it("of one handle leaves the others alone", async () => {
    const [one, two] = [bench.open(), bench.open()];
    const { name } = await bench.queue(one);
    const { inbox } = await consumeFrom(two, name);
    await one.close();
    await two.publish(messageTo(name, "x"));
    expect(textOf(await inbox.next())).toBe("x");
  });

  it("ends deliveries", async () => {
    const [one, two] = [bench.open(), bench.open()];
    const { name } = await bench.queue(one);
    const closed = await consumeFrom(one, name);
    await one.close();
    const { inbox } = await consumeFrom(two, name);
    await two.publish(messageTo(name, "x"));
    expect(textOf(await inbox.next())).toBe("x");
    expect(closed.inbox.unread).toBe(0);
  });

  it("makes cancel, close and settlements of its consumers do nothing", async () => {
    const [one, two] = [bench.open(), bench.open()];
    const { name } = await bench.queue(one);
    const { consumer, inbox } = await consumeFrom(one, name);
    await one.publish(messageTo(name, "x"));
    const delivery = await inbox.next();
    await one.close();
    delivery.ack();
    await consumer.cancel();
    await consumer.close();
    expect(textOf(await (await consumeFrom(two, name)).inbox.next())).toBe("x");
  });

  it("makes every later call CLOSED", async () => {
    const broker = bench.open();
    const spec = await bench.queue(broker);
    await broker.close();
    await expectCode(broker.publish(messageTo(spec.name, "x")), "CLOSED");
    await expectCode(broker.publish(messageTo(spec.name, "x"), { delay: 100 }), "CLOSED");
    await expectCode(broker.declare({ kind: "task", spec }), "CLOSED");
    await expectCode(broker.declare({ kind: "reply", name: bench.name("reply"), expires: 1000 }), "CLOSED");
    await expectCode(
      broker.consume(spec.name, { prefetch: 1 }, () => {}),
      "CLOSED",
    );
    await expectCode(broker.broadcast({ headers: {}, properties: {}, body: Buffer.from("x") }), "CLOSED");
    await expectCode(
      broker.subscribe(() => {}),
      "CLOSED",
    );
  });

  it("is possible at once", async () => {
    await bench.open().close();
  });
});
