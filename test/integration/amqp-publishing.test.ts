import { Socket } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { taskExchange } from "../../src/dist/broker/index.js";
import { FrameCounter, methods, openRabbitmq, rawChannel } from "../support/amqp-bench.ts";
import { brokerBench, consumeFrom, expectCode, expectEmpty, messageTo, textOf } from "../support/broker-bench.ts";
import { amqpUrl } from "../support/brokers.ts";
import { TcpProxy } from "../support/tcp-proxy.ts";

const oneTo = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index + 1));

describe("publishing on RabbitMQ", () => {
  const bench = brokerBench(amqpUrl);

  it("keeps the order of what is under way together", async () => {
    const broker = openRabbitmq();
    const { name } = await bench.queue(broker);
    await Promise.all(oneTo(2000).map((body) => broker.publish(messageTo(name, body, { exchange: taskExchange }))));
    const { inbox } = await consumeFrom(broker, name, 2000);
    expect((await inbox.take(2000)).map(textOf)).toEqual(oneTo(2000));
  });

  it("keeps the order of what waits for the first connection and for an exchange to be found", async () => {
    const channel = await rawChannel();
    const [exchange, queue] = [bench.name("exchange"), bench.name()];
    await channel.assertExchange(exchange, "fanout");
    await channel.assertQueue(queue);
    await channel.bindQueue(queue, exchange, "");
    const broker = openRabbitmq();
    await Promise.all(oneTo(500).map((body) => broker.publish(messageTo("any", body, { exchange }))));
    const { inbox } = await consumeFrom(broker, queue, 500);
    expect((await inbox.take(500)).map(textOf)).toEqual(oneTo(500));
  });

  it("brings 10,000 messages to their consumer, each once", async () => {
    const broker = openRabbitmq();
    const { name } = await bench.queue(broker);
    const { consumer, inbox } = await consumeFrom(broker, name, 500);
    const published = Promise.all(oneTo(10_000).map((body) => broker.publish(messageTo(name, body))));
    const seen = new Set<string>();
    for (let count = 0; count < 10_000; count++) {
      const delivery = await inbox.next();
      seen.add(textOf(delivery));
      delivery.ack();
    }
    await published;
    expect(seen.size).toBe(10_000);
    await consumer.close();
    await expectEmpty(broker, name);
  });

  it("tells, of a thousand alike, exactly those that were returned", async () => {
    const broker = openRabbitmq();
    const { name } = await bench.queue(broker);
    const missing = bench.name();
    const targets = oneTo(1000).map((number) => (Number(number) % 3 === 0 ? missing : name));
    const outcomes = await Promise.allSettled(targets.map((target) => broker.publish(messageTo(target, "same"))));
    expect(outcomes.map(({ status }) => status)).toEqual(targets.map((target) => (target === name ? "fulfilled" : "rejected")));
  });

  it("says in UNROUTABLE what is missing, and what to do", async () => {
    const broker = openRabbitmq();
    const missing = bench.name();
    await expect(broker.publish(messageTo(missing, "x"))).rejects.toThrow(`there is no queue "${missing}". Start the worker`);
    await expect(broker.publish(messageTo(missing, "x", { exchange: taskExchange }))).rejects.toThrow(
      `no queue is bound to exchange "ligature" for routing key "${missing}". Start the worker`,
    );
  });

  it("spares the others when an exchange vanishes that was there before", async () => {
    const channel = await rawChannel();
    const broker = openRabbitmq();
    const { name } = await bench.queue(broker);
    const exchange = bench.name("exchange");
    await channel.assertExchange(exchange, "fanout");
    await channel.bindQueue(name, exchange, "");
    await broker.publish(messageTo(name, "before", { exchange }));
    await channel.deleteExchange(exchange);
    const outcomes = await Promise.allSettled(
      oneTo(300).map((body) => broker.publish(messageTo(name, body, body === "150" ? { exchange } : {}))),
    );
    const rejected = outcomes.flatMap((outcome, index) => (outcome.status === "rejected" ? [[index + 1, outcome.reason]] : []));
    expect(rejected).toEqual([[150, expect.objectContaining({ code: "UNROUTABLE" })]]);
    const { inbox } = await consumeFrom(broker, name, 1000);
    const seen = new Set<string>();
    while (seen.size < 300) seen.add(textOf(await inbox.next()));
    expect([...seen].toSorted()).toEqual(["before", ...oneTo(300).filter((body) => body !== "150")].toSorted());
  });

  it("rejects with REFUSED what may not be published, and spares the others", async () => {
    const channel = await rawChannel();
    const broker = openRabbitmq();
    const { name } = await bench.queue(broker);
    const exchange = bench.name("exchange");
    // What RabbitMQ lets nobody publish to takes the way of what it doesn't let this user.
    await channel.assertExchange(exchange, "fanout", { internal: true });
    const outcomes = await Promise.allSettled([
      broker.publish(messageTo(name, "1")),
      broker.publish(messageTo(name, "forbidden", { exchange })),
      broker.publish(messageTo(name, "2")),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    await expectCode(broker.publish(messageTo(name, "forbidden", { exchange })), "REFUSED");
    await channel.deleteExchange(exchange);
  });

  it("rejects with REFUSED what a full queue nacks", async () => {
    const channel = await rawChannel();
    const queue = bench.name();
    await channel.assertQueue(queue, { arguments: { "x-max-length": 2, "x-overflow": "reject-publish" } });
    const broker = openRabbitmq();
    const outcomes = await Promise.allSettled(oneTo(5).map((body) => broker.publish(messageTo(queue, body))));
    const codes = outcomes.map((outcome) => (outcome.status === "rejected" ? (outcome.reason as { code: string }).code : "ok"));
    expect(codes.slice(0, 2)).toEqual(["ok", "ok"]);
    expect(codes.slice(3)).toEqual(["REFUSED", "REFUSED"]);
  });

  it("refuses headers over 64 KiB, and keeps the channel", async () => {
    const proxy = await TcpProxy.start(amqpUrl());
    const broker = openRabbitmq({ proxy });
    const { name } = await bench.queue(broker);
    const before = broker.publish(messageTo(name, "before"));
    await expectCode(broker.publish(messageTo(name, "x", { headers: { note: "x".repeat(70_000) } })), "PAYLOAD_TOO_LARGE");
    await before;
    await broker.publish(messageTo(name, "after"));
    expect(proxy.connections).toBe(1);
    const { inbox } = await consumeFrom(broker, name);
    expect((await inbox.take(2)).map(textOf)).toEqual(["before", "after"]);
  });

  it("writes every integer in headers as I or l, at any depth", async () => {
    const proxy = await TcpProxy.start(amqpUrl());
    const sent: Buffer[] = [];
    proxy.toServer = () => (chunk) => {
      sent.push(chunk);
      return chunk;
    };
    const broker = openRabbitmq({ proxy });
    const { name } = await bench.queue(broker);
    const headers = {
      timelimit: [300, null],
      small: 1,
      negative: -129,
      deep: { er: [{ count: 1000 }] },
      large: 2 ** 40,
      half: 0.5,
    };
    await broker.publish(messageTo(name, "x", { headers }));
    const bytes = Buffer.concat(sent).toString("latin1");
    // A name, its type, its value: celery-wire's `timelimit: [300, null]` is what py-amqp 5.1 reads as a string.
    expect(bytes).toContain("timelimitA\0\0\0\u0006I\0\0\u0001\u002cV");
    expect(bytes).toContain("smallI\0\0\0\u0001");
    expect(bytes).toContain("negativeI\u00ff\u00ff\u00ff\u007f");
    expect(bytes).toContain("countI\0\0\u0003\u00e8");
    expect(bytes).toContain("largel\0\0\u0001\0\0\0\0\0");
    expect(bytes).toContain("halfd");
  });

  it("writes what is ready together in one go", async () => {
    const broker = openRabbitmq();
    const { name } = await bench.queue(broker);
    type Writes = Record<"_writev", (chunks: readonly unknown[], done: () => void) => void>;
    const written = vi.spyOn(Socket.prototype as unknown as Writes, "_writev");
    onTestFinished(() => written.mockRestore());
    await Promise.all(oneTo(100).map((body) => broker.publish(messageTo(name, body))));
    const frames = written.mock.calls.map(([chunks]) => chunks.length);
    // amqplib alone makes a system call, and a packet, of each.
    expect(Math.max(...frames)).toBeGreaterThanOrEqual(90);
  });

  it("writes each message once while the connection lasts", async () => {
    const proxy = await TcpProxy.start(amqpUrl());
    const publishes = new FrameCounter(methods.basicPublish);
    proxy.toServer = () => publishes.see;
    const broker = openRabbitmq({ proxy });
    const { name } = await bench.queue(broker);
    await Promise.all(oneTo(3000).map((body) => broker.publish(messageTo(name, body))));
    expect(publishes.count).toBe(3000);
  });
});
