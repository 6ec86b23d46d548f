import { describe, expect, it } from "vitest";
import { resultExchange } from "../../../src/dist/broker/index.js";
import { brokerBench, consumeFrom, expectCode, messageTo, textOf } from "../../support/broker-bench.ts";
import { brokers } from "../../support/brokers.ts";

const minute = 60_000;
const kept = (key: string, text: string) => ({ ...messageTo(key, text), exchange: resultExchange });

describe.each(brokers)("latest-result queues on $name", ({ url }) => {
  const bench = brokerBench(url);

  it("hold the latest message of their key, and looking leaves it there", async () => {
    const [one, two] = [bench.open(), bench.open()];
    const [name, key, other] = [bench.name(), bench.name(), bench.name()];
    await one.declare({ kind: "latest-result", name, key, expires: minute });
    expect(await two.peek(name)).toBeUndefined();
    for (const text of ["first", "second", "third"]) await two.publish(kept(key, text));
    await expectCode(two.publish(kept(other, "of another key")), "UNROUTABLE");
    for (const broker of [one, two, one]) expect(textOf({ message: await broker.peek(name) } as never)).toBe("third");
    expect(await two.inspect(name)).toEqual({ ready: 1, consumers: 0 });
  });

  it("can be declared again, with the same expiry only", async () => {
    const [one, two] = [bench.open(), bench.open()];
    const [name, key] = [bench.name(), bench.name()];
    await one.declare({ kind: "latest-result", name, key, expires: minute });
    await one.publish(kept(key, "kept"));
    await two.declare({ kind: "latest-result", name, key, expires: minute });
    await expectCode(two.declare({ kind: "latest-result", name, key, expires: 2 * minute }), "QUEUE_MISMATCH");
    expect(await two.peek(name)).toBeDefined();
  });

  it("are gone when they were deleted", async () => {
    const broker = bench.open();
    const [name, key] = [bench.name(), bench.name()];
    await broker.declare({ kind: "latest-result", name, key, expires: minute });
    await broker.deleteQueue(name);
    await expectCode(broker.publish(kept(key, "late")), "UNROUTABLE");
    await expectCode(broker.peek(name), "UNROUTABLE");
    expect(await broker.inspect(name)).toBeUndefined();
  });

  it("share what is published with every reply queue that is bound, until it is unbound", async () => {
    const [one, two] = [bench.open(), bench.open()];
    const [latest, first, second, key] = [bench.name(), bench.name(), bench.name(), bench.name()];
    await one.declare({ kind: "latest-result", name: latest, key, expires: minute });
    await one.declare({ kind: "reply", name: first, expires: minute });
    await two.declare({ kind: "reply", name: second, expires: minute });
    const inboxes = [(await consumeFrom(one, first)).inbox, (await consumeFrom(two, second)).inbox] as const;
    await one.bind(first, key);
    await two.bind(second, key);
    await one.publish(kept(key, "to all"));
    for (const inbox of inboxes) {
      const delivery = await inbox.next();
      expect(textOf(delivery)).toBe("to all");
      expect(delivery.message).toMatchObject({ exchange: resultExchange, routingKey: key });
    }
    await two.unbind(second, key);
    await one.publish(kept(key, "to one"));
    expect(textOf(await inboxes[0].next())).toBe("to one");
    await one.publish(messageTo(second, "last"));
    expect(textOf(await inboxes[1].next())).toBe("last");
  });

  it("can't be bound to a queue that isn't there", async () => {
    const broker = bench.open();
    await expectCode(broker.bind(bench.name(), bench.name()), "UNROUTABLE");
  });
});

describe.each(brokers)("consuming alone on $name", ({ url }) => {
  const bench = brokerBench(url);

  it("is refused while another consumes, and the other goes on", async () => {
    const [one, two] = [bench.open(), bench.open()];
    const name = bench.name();
    await one.declare({ kind: "reply", name, expires: minute });
    const { inbox } = await consumeFrom(one, name);
    await expectCode(
      two.consume(name, { prefetch: 1, exclusive: true }, () => {}),
      "REFUSED",
    );
    await two.publish(messageTo(name, "still here"));
    expect(textOf(await inbox.next())).toBe("still here");
    expect(await two.inspect(name)).toEqual({ ready: 0, consumers: 1 });
  });

  it("keeps others away until it ends, and gives back what it didn't settle, in order", async () => {
    const [one, two] = [bench.open(), bench.open()];
    const name = bench.name();
    await one.declare({ kind: "reply", name, expires: minute });
    for (const text of ["a", "b", "c"]) await one.publish(messageTo(name, text));
    const seen: string[] = [];
    let all = (): void => {};
    const arrived = new Promise<void>((resolve) => {
      all = resolve;
    });
    const alone = await one.consume(name, { prefetch: 10, exclusive: true }, (delivery) => {
      seen.push(textOf(delivery));
      if (textOf(delivery) === "b") delivery.ack();
      if (seen.length === 3) all();
    });
    await arrived;
    await expectCode(
      two.consume(name, { prefetch: 1, exclusive: true }, () => {}),
      "REFUSED",
    );
    await alone.cancel();
    await alone.close();
    const { inbox } = await consumeFrom(two, name);
    expect([textOf(await inbox.next()), textOf(await inbox.next())]).toEqual(["a", "c"]);
  });
});
