import { describe, expect, it } from "vitest";
import type { Delivery } from "../../src/dist/broker/index.js";
import { LigatureError } from "../../src/dist/errors/index.js";
import { logInbox, openRabbitmq, rawChannel } from "../support/amqp-bench.ts";
import { brokerBench, consumeFrom, countReady, expectCode, expectEmpty, messageTo, textOf } from "../support/broker-bench.ts";
import { amqpUrl } from "../support/brokers.ts";
import { Inbox } from "../support/inbox.ts";
import { replacing, TcpProxy } from "../support/tcp-proxy.ts";

const lost = /^warn: RabbitMQ at amqp:\/\/127\.0\.0\.1:\d+ can't be reached: .+; retrying$/;

function codeOf(error: unknown): string {
  return error instanceof LigatureError ? error.code : String(error);
}

/** A broker behind a proxy, and a way to take RabbitMQ from it: resolves when the broker has noticed. */
async function openBehindProxy(options: Parameters<typeof openRabbitmq>[0] = {}) {
  const proxy = await TcpProxy.start(amqpUrl());
  const { log, lines } = logInbox();
  const broker = openRabbitmq({ proxy, log, ...options });
  const takeAway = async (): Promise<void> => {
    await proxy.shut();
    expect(await lines.next()).toMatch(lost);
  };
  return { broker, proxy, lines, takeAway };
}

describe("a lost connection to RabbitMQ", () => {
  const bench = brokerBench(amqpUrl);

  it("loses no publish, however often it breaks", async () => {
    const proxy = await TcpProxy.start(amqpUrl());
    const [sender, reader] = [openRabbitmq({ proxy }), openRabbitmq()];
    const { name } = await bench.queue(reader);
    const { inbox } = await consumeFrom(reader, name, 1000);
    const total = 4000;
    const cutAfter = new Set([300, 1200, 1201, 2500, 3900]);
    let confirmed = 0;
    const published = Promise.all(
      Array.from({ length: total }, async (_, index) => {
        await sender.publish(messageTo(name, String(index)));
        confirmed += 1;
        if (cutAfter.has(confirmed)) proxy.cut();
      }),
    );
    const seen = new Set<string>();
    while (seen.size < total) {
      const delivery = await inbox.next();
      seen.add(textOf(delivery));
      delivery.ack();
    }
    await published;
    expect(confirmed).toBe(total);
    expect(proxy.connections).toBeGreaterThan(1);
  });

  it("writes again in the order of publishing", async () => {
    const proxy = await TcpProxy.start(amqpUrl());
    const [sender, reader] = [openRabbitmq({ proxy }), openRabbitmq()];
    const { name } = await bench.queue(reader);
    await sender.publish(messageTo(name, "-1"));
    proxy.muted = true;
    const published = Promise.all(Array.from({ length: 200 }, (_, index) => sender.publish(messageTo(name, String(index)))));
    await proxy.shut();
    proxy.muted = false;
    await proxy.open();
    await published;
    const { inbox } = await consumeFrom(reader, name, 1000);
    const bodies: number[] = [];
    while (bodies.at(-1) !== 199 || bodies.length < 201) bodies.push(Number(textOf(await inbox.next())));
    // Some may have come before the cut as well; the last 200 are those that were written again.
    expect(bodies.slice(-200)).toEqual(Array.from({ length: 200 }, (_, index) => index));
  });

  it("brings consumers back; settling what came before has no effect any more", async () => {
    const proxy = await TcpProxy.start(amqpUrl());
    const broker = openRabbitmq({ proxy });
    const { name } = await bench.queue(broker);
    const { consumer, inbox } = await consumeFrom(broker, name);
    await broker.publish(messageTo(name, "1"));
    await broker.publish(messageTo(name, "2"));
    const [first, second] = await inbox.take(2);
    proxy.cut();
    const again = await inbox.take(2);
    expect(again.map((delivery) => [textOf(delivery), delivery.redelivered, delivery.deliveryCount])).toEqual([
      ["1", true, 1],
      ["2", true, 1],
    ]);
    first?.ack();
    second?.deadLetter();
    again[0]?.ack();
    await broker.publish(messageTo(name, "3"));
    expect(textOf(await inbox.next())).toBe("3");
    await consumer.close();
    const rest = await consumeFrom(broker, name);
    expect((await rest.inbox.take(2)).map(textOf).toSorted()).toEqual(["2", "3"]);
  });

  it("keeps a cancelled consumer cancelled", async () => {
    const proxy = await TcpProxy.start(amqpUrl());
    const broker = openRabbitmq({ proxy });
    const { name } = await bench.queue(broker);
    const { consumer, inbox } = await consumeFrom(broker, name);
    await consumer.cancel();
    proxy.cut();
    await broker.publish(messageTo(name, "for another"));
    const other = await consumeFrom(broker, name);
    expect(textOf(await other.inbox.next())).toBe("for another");
    expect(inbox.unread).toBe(0);
    await consumer.close();
  });

  it("of which one is left is enough to delete a queue", async () => {
    const { broker, proxy, lines } = await openBehindProxy();
    const name = bench.name("reply");
    await broker.declare({ kind: "reply", name, expires: 60_000 });
    const { consumer } = await consumeFrom(broker, name);
    proxy.shutFirst();
    expect(await lines.next()).toMatch(lost);
    await consumer.close();
    await broker.deleteQueue(name);
    expect(await countReady(bench.open(), name)).toBeUndefined();
  });

  it("brings subscribers back", async () => {
    const proxy = await TcpProxy.start(amqpUrl());
    const [broker, other] = [openRabbitmq({ proxy }), openRabbitmq()];
    const heard = new Inbox<string>();
    await broker.subscribe((message) => heard.put(Buffer.from(message.body).toString()));
    await other.broadcast({ headers: {}, properties: {}, body: Buffer.from("before") });
    expect(await heard.next()).toBe("before");
    proxy.cut();
    // A broadcast reaches who subscribes at that moment, so it is repeated until somebody does.
    let calls = 0;
    for (let answered = false; !answered;) {
      await other.broadcast({ headers: {}, properties: {}, body: Buffer.from(`after ${++calls}`) });
      answered = await heard.next(100).then(
        (text) => text.startsWith("after"),
        () => false,
      );
    }
    expect(calls).toBeLessThan(50);
  });

  it("declares queues again that the broker has lost meanwhile", async () => {
    const { broker, proxy, takeAway } = await openBehindProxy();
    const { name } = await bench.queue(broker);
    const reply = bench.name("reply");
    await broker.declare({ kind: "reply", name: reply, expires: 60_000 });
    const channel = await rawChannel();
    await takeAway();
    await channel.deleteQueue(name);
    await channel.deleteQueue(reply);
    const published = [broker.publish(messageTo(name, "1")), broker.publish(messageTo(reply, "2"))];
    await proxy.open();
    await Promise.all(published);
    await expect(channel.checkQueue(name)).resolves.toMatchObject({ messageCount: 1 });
  });

  it("lets publishes wait until they are given up, naming the reason", async () => {
    const { broker, proxy, takeAway } = await openBehindProxy();
    const { name } = await bench.queue(broker);
    await takeAway();
    const outcome = broker.publish(messageTo(name, "late"), { giveUpAt: Date.now() + 600 });
    await expectCode(outcome, "NOT_SENT");
    await expect(outcome).rejects.toThrow(
      /\[NOT_SENT\] RabbitMQ at amqp:\/\/127\.0\.0\.1:\d+ has been out of reach for \d+ s: .*ECONNREFUSED.*\. So the message for .* was not sent\.$/,
    );
    const kept = broker.publish(messageTo(name, "kept"));
    await proxy.open();
    await kept;
    const { inbox } = await consumeFrom(broker, name);
    expect(textOf(await inbox.next())).toBe("kept");
  });

  it("says CONNECTION_LOST of what was written, as it may have arrived", async () => {
    const proxy = await TcpProxy.start(amqpUrl());
    const broker = openRabbitmq({ proxy });
    const { name } = await bench.queue(broker);
    proxy.muted = true;
    const outcome = broker.publish(messageTo(name, "perhaps"), { giveUpAt: Date.now() + 300 });
    await expectCode(outcome, "CONNECTION_LOST");
    const other = openRabbitmq();
    const { inbox } = await consumeFrom(other, name);
    expect(textOf(await inbox.next())).toBe("perhaps");
    // Given up is given up: it is not written again.
    await proxy.shut();
    proxy.muted = false;
    await proxy.open();
    await broker.publish(messageTo(name, "next"));
    expect(textOf(await inbox.next())).toBe("next");
  });

  it("gives up in the end what RabbitMQ closes the connection over", async () => {
    const proxy = await TcpProxy.start(amqpUrl());
    // An infinite number, which RabbitMQ dies of and our own writer refuses.
    proxy.toServer = () => replacing("halfd\u003f\u00e0", "halfd\u007f\u00f0");
    const broker = openRabbitmq({ proxy });
    const { name } = await bench.queue(broker);
    const poison = broker.publish(messageTo(name, "poison", { headers: { half: 0.5 } }), { giveUpAt: Number.POSITIVE_INFINITY });
    await expectCode(poison, "CONNECTION_LOST");
    await expect(poison).rejects.toThrow("RabbitMQ closed the connection 3 times while the message");
    await broker.publish(messageTo(name, "good"));
    const { inbox } = await consumeFrom(broker, name);
    expect(textOf(await inbox.next())).toBe("good");
  });

  it("refuses more publishes than may wait", async () => {
    const { broker, proxy, takeAway } = await openBehindProxy({ maxUnconfirmed: 10 });
    const { name } = await bench.queue(broker);
    await takeAway();
    const waiting = Array.from({ length: 10 }, () => broker.publish(messageTo(name, "x")));
    await expectCode(broker.publish(messageTo(name, "too many")), "NOT_SENT");
    await proxy.open();
    await Promise.all(waiting);
    await broker.publish(messageTo(name, "again"));
  });

  it("is told once, and once when it is over", async () => {
    const { broker, proxy, lines, takeAway } = await openBehindProxy();
    const { name } = await bench.queue(broker);
    const { inbox } = await consumeFrom(broker, name);
    await takeAway();
    await expectCode(broker.declare({ kind: "task", spec: bench.spec() }, { giveUpAt: Date.now() + 1000 }), "NOT_SENT");
    expect(lines.unread).toBe(0);
    await proxy.open();
    await broker.publish(messageTo(name, "back"));
    await inbox.next();
    expect(await lines.next()).toMatch(/^info: connected again to RabbitMQ \d/);
    expect(lines.unread).toBe(0);
  });

  it("doesn't hold up close() for more than its five seconds", async () => {
    const proxy = await TcpProxy.start(amqpUrl());
    const broker = openRabbitmq({ proxy });
    const { name } = await bench.queue(broker);
    const deliveries: Delivery[] = [];
    await broker.consume(name, { prefetch: 1 }, (delivery) => deliveries.push(delivery));
    proxy.muted = true;
    const written = broker.publish(messageTo(name, "written")).catch(codeOf);
    const start = performance.now();
    await broker.close();
    expect(performance.now() - start).toBeLessThan(8000);
    expect(await written).toBe("CONNECTION_LOST");
    await expectCode(broker.publish(messageTo(name, "late")), "CLOSED");
    await expectCode(broker.declare({ kind: "task", spec: bench.spec() }), "CLOSED");
    await expectCode(
      broker.consume(name, { prefetch: 1 }, () => {}),
      "CLOSED",
    );
  });

  it("withdraws on close() what was never sent", async () => {
    const { broker, takeAway } = await openBehindProxy();
    const { name } = await bench.queue(broker);
    await takeAway();
    const waiting = broker.publish(messageTo(name, "never")).catch(codeOf);
    await broker.close();
    expect(await waiting).toBe("CLOSED");
    await expectEmpty(openRabbitmq(), name);
  });
});
