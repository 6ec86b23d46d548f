import { describe, expect, it } from "vitest";
import { deadLetterQueue, taskExchange } from "../../src/dist/broker/index.js";
import { openRabbitmq, rawChannel } from "../support/amqp-bench.ts";
import { brokerBench, consumeFrom, expectCode, messageTo, textOf } from "../support/broker-bench.ts";
import { amqpUrl } from "../support/brokers.ts";
import { TcpProxy } from "../support/tcp-proxy.ts";

const undeliverable = "ligature.delay.undeliverable";

describe("the delay ladder of RabbitMQ", () => {
  const bench = brokerBench(amqpUrl);

  it("brings each message to its own queue, once, and not before its time", async () => {
    const broker = openRabbitmq();
    const base = bench.name("delayed");
    // Queues whose names begin or end alike, or are patterns of each other's.
    const names = [base, `${base}.fast`, `fast.${base}`, `fast.${base}.fast`, `x${base}`];
    const inboxes = new Map<string, Awaited<ReturnType<typeof consumeFrom>>["inbox"]>();
    for (const name of names) {
      await bench.queue(broker, { name });
      inboxes.set(name, (await consumeFrom(broker, name)).inbox);
    }
    const delays = [40, 300, 500, 1000];
    const start = performance.now();
    await Promise.all(
      names.flatMap((name) =>
        delays.map((delay, index) =>
          broker.publish(messageTo(name, `${name} ${delay}`, index % 2 === 0 ? {} : { exchange: taskExchange }), { delay }),
        ),
      ),
    );
    await Promise.all(
      names.map(async (name) => {
        const inbox = inboxes.get(name) as NonNullable<ReturnType<typeof inboxes.get>>;
        for (const delay of delays) {
          const delivery = await inbox.next();
          expect(textOf(delivery)).toBe(`${name} ${delay}`);
          expect(performance.now() - start).toBeGreaterThanOrEqual(delay);
          expect(delivery.message).toMatchObject({ exchange: "", routingKey: name });
          delivery.ack();
        }
      }),
    );
    for (const name of names) {
      await broker.publish(messageTo(name, "last"));
      expect(textOf(await inboxes.get(name)!.next())).toBe("last");
    }
  });

  it("refuses at once what has no queue to end in", async () => {
    const broker = openRabbitmq();
    const { name } = await bench.queue(broker);
    const missing = bench.name();
    await expectCode(broker.publish(messageTo(missing, "x"), { delay: 100 }), "UNROUTABLE");
    await expectCode(broker.publish(messageTo(missing, "x", { exchange: taskExchange }), { delay: 100 }), "UNROUTABLE");
    await expectCode(broker.publish(messageTo("a.key", "x", { exchange: bench.name("exchange") }), { delay: 100 }), "UNROUTABLE");
    await expectCode(broker.publish(messageTo("#", "x", { exchange: taskExchange }), { delay: 100 }), "UNROUTABLE");
    await expectCode(broker.publish(messageTo(`${name}${"x".repeat(200)}`, "x"), { delay: 100 }), "UNROUTABLE");
    await expectCode(broker.publish(messageTo(name, "x"), { delay: 400 * 86_400_000 }), "INVALID_OPTION");
  });

  it("keeps what lost its queue meanwhile, and lets the others pass", async () => {
    const broker = openRabbitmq();
    const [gone, there] = [await bench.queue(broker), await bench.queue(broker)];
    const channel = await rawChannel();
    // More than RabbitMQ holds in flight between two queues: stuck ones would stop everybody's delays.
    await Promise.all(
      Array.from({ length: 40 }, () => broker.publish(messageTo(gone.name, `lost ${gone.name}`), { delay: 200 })),
    );
    await channel.deleteQueue(gone.name);
    await broker.publish(messageTo(there.name, "passes"), { delay: 300 });
    const { inbox } = await consumeFrom(broker, there.name);
    expect(textOf(await inbox.next())).toBe("passes");
    const kept = await consumeFrom(broker, undeliverable, 1000);
    let found = 0;
    while (found < 40) {
      const delivery = await kept.inbox.next();
      if (textOf(delivery) === `lost ${gone.name}`) found += 1;
      delivery.ack();
    }
    expect(found).toBe(40);
  });

  it("reaches a queue that was deleted and declared again", async () => {
    const broker = openRabbitmq();
    const spec = await bench.queue(broker);
    await broker.publish(messageTo(spec.name, "patient"), { delay: 400 });
    await (await rawChannel()).deleteQueue(spec.name);
    await openRabbitmq().declare({ kind: "task", spec });
    const { inbox } = await consumeFrom(broker, spec.name);
    expect(textOf(await inbox.next())).toBe("patient");
  });

  it("takes a message again and again, with the headers that it came with", async () => {
    const broker = openRabbitmq();
    const { name } = await bench.queue(broker);
    const { inbox } = await consumeFrom(broker, name);
    await broker.publish(messageTo(name, "x", { headers: { retries: 0 } }), { delay: 150 });
    for (let retries = 1; retries <= 3; retries++) {
      const { message, ...delivery } = await inbox.next();
      expect(message.headers["retries"]).toBe(retries - 1);
      expect(message.headers["x-death"]).toHaveLength(1);
      await broker.publish({ ...message, headers: { ...message.headers, retries } }, { delay: 150 });
      expect(delivery.redelivered).toBe(false);
    }
    const last = await inbox.next();
    expect(last.message.headers).toMatchObject({ retries: 3 });
    last.deadLetter();
    const dead = await consumeFrom(broker, deadLetterQueue(name));
    expect(textOf(await dead.inbox.next())).toBe("x");
  });

  it("gets publishes that waited for a connection", async () => {
    const proxy = await TcpProxy.start(amqpUrl());
    const broker = openRabbitmq({ proxy });
    const { name } = await bench.queue(broker);
    const { inbox } = await consumeFrom(broker, name);
    await broker.publish(messageTo(name, "1"), { delay: 130 });
    proxy.cut();
    await broker.publish(messageTo(name, "2"), { delay: 130 });
    const seen = new Set<string>();
    while (seen.size < 2) {
      const delivery = await inbox.next();
      seen.add(textOf(delivery));
      delivery.ack();
    }
    expect([...seen].toSorted()).toEqual(["1", "2"]);
  });
});
