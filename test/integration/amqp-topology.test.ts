import { describe, expect, it } from "vitest";
import { silentLogger } from "ligature";
import { deadLetterQueue, taskExchange } from "../../src/dist/broker/index.js";
import { FrameCounter, methods, openRabbitmq, rawChannel } from "../support/amqp-bench.ts";
import { brokerBench, countReady, expectCode, messageTo } from "../support/broker-bench.ts";
import { amqpUrl } from "../support/brokers.ts";
import { TcpProxy } from "../support/tcp-proxy.ts";
import { openBackend } from "../support/open.ts";

describe("queues on RabbitMQ", () => {
  const bench = brokerBench(amqpUrl);

  it("are declared with a delivery limit, dead-lettering at least once, and nothing dropped", async () => {
    const broker = openRabbitmq();
    const { name } = await bench.queue(broker, { deliveryLimit: 7 });
    // RabbitMQ accepts a second declaration only if it is the same.
    const channel = await rawChannel();
    await channel.assertQueue(name, {
      durable: true,
      arguments: {
        "x-queue-type": "quorum",
        "x-delivery-limit": 7,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": deadLetterQueue(name),
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
      },
    });
    await channel.assertQueue(deadLetterQueue(name), { durable: true, arguments: { "x-queue-type": "quorum" } });
  });

  it("of Celery's are declared as a Celery app with its defaults declares them", async () => {
    const broker = openRabbitmq();
    const { name } = await bench.queue(broker, { owner: "celery", type: "classic" });
    const channel = await rawChannel();
    await channel.assertExchange(name, "direct", { durable: true });
    await channel.assertQueue(name, { durable: true });
    await expect(channel.checkQueue(deadLetterQueue(name))).rejects.toThrow("NOT_FOUND");
  });

  it("of Celery's are quorum queues where the contract says so, as a Celery app with such queues declares them", async () => {
    const broker = openRabbitmq();
    const { name } = await bench.queue(broker, { owner: "celery", type: "quorum" });
    const channel = await rawChannel();
    // celery.app.amqp: with task_default_queue_type "quorum" the exchange is a topic one.
    await channel.assertExchange(name, "topic", { durable: true });
    await channel.assertQueue(name, { durable: true, arguments: { "x-queue-type": "quorum" } });
  });

  it.each([
    ["a quorum queue", { durable: true, arguments: { "x-queue-type": "quorum" } }, "topic"],
    ["a queue with other arguments", { durable: true, arguments: { "x-max-length": 1000, "x-message-ttl": 600_000 } }, "fanout"],
    ["a queue that isn't durable", { durable: false }, "direct"],
  ] as const)("of Celery's that exist are used as they are: %s", async (_what, options, exchange) => {
    const channel = await rawChannel();
    const name = bench.name("celery");
    await channel.assertExchange(name, exchange, { durable: true });
    await channel.assertQueue(name, options);
    const broker = openRabbitmq();
    await broker.declare({
      kind: "task",
      spec: { name, owner: "celery", type: "classic", deliveryLimit: 10, maxPriority: undefined },
    });
    await broker.publish(messageTo(name, "x"));
    expect(await countReady(broker, name)).toBe(1);
    await channel.deleteExchange(name);
    await channel.deleteQueue(name);
    // Gone meanwhile, it is declared as the contract says.
    await expect(broker.publish(messageTo(name, "x"))).rejects.toMatchObject({ code: "UNROUTABLE" });
    await broker.declare({
      kind: "task",
      spec: { name, owner: "celery", type: "quorum", deliveryLimit: 10, maxPriority: undefined },
    });
    await (await rawChannel()).assertQueue(name, { durable: true, arguments: { "x-queue-type": "quorum" } });
  });

  it.each(["while it starts", "once it has started"])("for replies go with their backend that is closed %s", async (when) => {
    const [broker, other] = [openRabbitmq(), openRabbitmq()];
    await bench.queue(broker);
    const backend = openBackend("rpc://", { name: "closed", broker, log: silentLogger, resultExpires: 60_000 });
    const starting = backend.start();
    if (when === "while it starts") starting.catch(() => {});
    else await starting;
    await backend.close();
    expect(await countReady(other, backend.replyTo ?? "")).toBeUndefined();
  });

  it("for replies are durable and shared, and go when unused", async () => {
    const broker = openRabbitmq();
    const name = bench.name("reply");
    await broker.declare({ kind: "reply", name, expires: 60_000 });
    const channel = await rawChannel();
    await channel.assertQueue(name, { durable: true, exclusive: false, autoDelete: false, expires: 60_000 });
  });

  it.each([
    ["type", { type: "classic" } as const, "x-queue-type", "quorum", "classic"],
    ["delivery limit", { deliveryLimit: 20 }, "x-delivery-limit", "10", "20"],
  ])("with another %s are refused in words that help", async (_what, changed, property, actual, expected) => {
    const broker = openRabbitmq();
    const spec = await bench.queue(broker);
    const refused = broker.declare({ kind: "task", spec: { ...spec, ...changed } });
    await expectCode(refused, "QUEUE_MISMATCH");
    await expect(refused).rejects.toThrow(
      new RegExp(
        `with ${property} '${actual}' where the contract wants '${expected}'\\..+ give the contract's queue another name`,
      ),
    );
    // Nothing else has suffered.
    await broker.publish(messageTo(spec.name, "still there", { exchange: taskExchange }));
  });

  it("that somebody declared without our arguments are refused, too", async () => {
    const broker = openRabbitmq();
    const spec = bench.spec();
    await (await rawChannel()).assertQueue(spec.name);
    const refused = broker.declare({ kind: "task", spec });
    await expectCode(refused, "QUEUE_MISMATCH");
    await expect(refused).rejects.toThrow(`RabbitMQ has queue "${spec.name}" with `);
  });

  it("that somebody consumes alone are refused, too", async () => {
    const broker = openRabbitmq();
    const spec = bench.spec();
    await (await rawChannel()).assertQueue(spec.name, { exclusive: true });
    await expectCode(broker.declare({ kind: "task", spec }), "QUEUE_MISMATCH");
  });

  it("are declared once, however many ask", async () => {
    const proxy = await TcpProxy.start(amqpUrl());
    const declares = new FrameCounter(methods.queueDeclare);
    proxy.toServer = () => declares.see;
    const broker = openRabbitmq({ proxy });
    const spec = bench.spec();
    await Promise.all(Array.from({ length: 50 }, () => broker.declare({ kind: "task", spec: { ...spec } })));
    await broker.declare({ kind: "task", spec });
    // The queue and its dead-letter queue.
    expect(declares.count).toBe(2);
  });

  it("can be declared at once when one of them is refused", async () => {
    const broker = openRabbitmq();
    const [good, bad, fine] = [bench.spec(), await bench.queue(openRabbitmq()), bench.spec()];
    const outcomes = await Promise.allSettled(
      [good, { ...bad, deliveryLimit: 3 }, fine].map((spec) => broker.declare({ kind: "task", spec })),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });

  it("are declared again when a message came back because they had gone", async () => {
    const broker = openRabbitmq();
    const spec = await bench.queue(broker);
    await (await rawChannel()).deleteQueue(spec.name);
    await expectCode(broker.publish(messageTo(spec.name, "x", { exchange: taskExchange })), "UNROUTABLE");
    await broker.declare({ kind: "task", spec });
    await broker.publish(messageTo(spec.name, "x", { exchange: taskExchange }));
  });

  it("are declared in spite of a connection that breaks meanwhile", async () => {
    const proxy = await TcpProxy.start(amqpUrl());
    const broker = openRabbitmq({ proxy });
    const specs = Array.from({ length: 20 }, () => bench.spec());
    let declared = 0;
    await Promise.all(
      specs.map(async (spec) => {
        await broker.declare({ kind: "task", spec });
        declared += 1;
        if (declared === 5 || declared === 12) proxy.cut();
      }),
    );
    const channel = await rawChannel();
    await Promise.all(specs.map(({ name }) => channel.checkQueue(name)));
  });
});
