import { describe, expect, it } from "vitest";
import { KeptChannel } from "../../src/dist/broker/amqp/connection/index.js";
import { openRabbitmq, rawConnection } from "../support/amqp-bench.ts";
import { brokerBench, consumeFrom, countReady, expectCode, messageTo, textOf } from "../support/broker-bench.ts";
import { amqpUrl } from "../support/brokers.ts";
import { TcpProxy, type Rewrite } from "../support/tcp-proxy.ts";

const channelOpenOk = Buffer.from([0, 20, 0, 11]);

/** `channel.close`, as RabbitMQ writes it: code 541, no text. */
function channelClose(channel: number): Buffer {
  const payload = Buffer.from([0, 20, 0, 40, 541 >> 8, 541 & 255, 0, 0, 0, 0, 0]);
  const frame = Buffer.alloc(7 + payload.length + 1);
  frame[0] = 1;
  frame.writeUInt16BE(channel, 1);
  frame.writeUInt32BE(payload.length, 3);
  payload.copy(frame, 7);
  frame[frame.length - 1] = 0xce;
  return frame;
}

/** Closes so many of the channels that are opened from now on, in the same moment in which they are. */
class ChannelCloser {
  left = 0;

  readonly rewrite = (): Rewrite => (chunk) => {
    const at = chunk.indexOf(channelOpenOk);
    if (this.left === 0 || at < 7 || chunk[at - 7] !== 1) return chunk;
    this.left -= 1;
    const end = at + chunk.readUInt32BE(at - 4) + 1;
    return Buffer.concat([chunk.subarray(0, end), channelClose(chunk.readUInt16BE(at - 6)), chunk.subarray(end)]);
  };
}

async function openWithCloser() {
  const proxy = await TcpProxy.start(amqpUrl());
  const closer = new ChannelCloser();
  proxy.toClient = closer.rewrite;
  return { broker: openRabbitmq({ proxy }), closer };
}

describe("a channel that closes while it is being opened is not kept", () => {
  const bench = brokerBench(amqpUrl);

  it("by whoever counts", async () => {
    const { broker, closer } = await openWithCloser();
    const { name } = await bench.queue(broker);
    closer.left = 1;
    expect(await countReady(broker, name)).toBe(0);
    expect(closer.left).toBe(0);
  });

  it("by whoever declares", async () => {
    const { broker, closer } = await openWithCloser();
    await broker.publish(messageTo(bench.name("missing"), "connects")).catch(() => {});
    closer.left = 1;
    const { name } = await bench.queue(broker);
    expect(closer.left).toBe(0);
    expect(await countReady(broker, name)).toBe(0);
  });

  it("by whoever consumes", async () => {
    const { broker, closer } = await openWithCloser();
    const { name } = await bench.queue(broker);
    closer.left = 2;
    const { inbox } = await consumeFrom(broker, name);
    expect(closer.left).toBe(0);
    await broker.publish(messageTo(name, "arrives"));
    expect(textOf(await inbox.next())).toBe("arrives");
  });

  it("by whoever publishes", async () => {
    const { broker, closer } = await openWithCloser();
    closer.left = 1;
    const { name } = await bench.queue(broker);
    await broker.publish(messageTo(name, "arrives"));
    expect(closer.left).toBe(0);
    expect(await countReady(broker, name)).toBe(1);
  });

  it("by whoever claims", async () => {
    const { broker, closer } = await openWithCloser();
    const name = bench.name();
    await broker.declare({ kind: "temporary", name, expires: 60_000 });
    await broker.publish(messageTo(name, "claimed"));
    closer.left = 1;
    await expectCode(broker.claim(name), "CONNECTION_LOST");
    expect(closer.left).toBe(0);
    const claim = await broker.claim(name);
    expect(claim?.messages.map((message) => textOf({ message }))).toEqual(["claimed"]);
    await claim?.deleteQueue();
  });
});

describe("a kept channel", () => {
  it("isn't used again after a method that can't be encoded", async () => {
    const model = await rawConnection();
    const kept = new KeptChannel();
    const [first, again] = [await kept.use(model, async (channel) => channel), await kept.use(model, async (channel) => channel)];
    expect(again).toBe(first);
    const ended = new Promise((resolve) => first.once("close", resolve));
    await expect(kept.use(model, (channel) => channel.checkExchange("x".repeat(256)))).rejects.toThrow("up to 255 chars");
    await ended;
    const next = await kept.use(model, async (channel) => channel);
    expect(next).not.toBe(first);
    await kept.use(model, (channel) => channel.checkExchange("amq.direct"));
  });

  it("belongs to one connection", async () => {
    const [one, other] = [await rawConnection(), await rawConnection()];
    const kept = new KeptChannel();
    const first = await kept.use(one, async (channel) => channel);
    expect(await kept.use(other, async (channel) => channel)).not.toBe(first);
  });

  it("fails its job when the connection closes, whatever the job waits for", async () => {
    const model = await rawConnection();
    const kept = new KeptChannel();
    await kept.use(model, async () => {});
    const failing = expect(kept.use(model, () => new Promise(() => {}))).rejects.toThrow("connection was lost");
    await model.close();
    await failing;
  });
});

describe("what AMQP can't carry", () => {
  const bench = brokerBench(amqpUrl);
  const texts = [
    ["longer than 255 bytes", "ä".repeat(128)],
    ["no Unicode", "\ud800"],
  ] as const;

  it.each(texts)("is refused at once, and nothing waits for it: %s", async (_what, text) => {
    const broker = openRabbitmq();
    const { name } = await bench.queue(broker);
    const message = messageTo(name, "x");
    await expectCode(broker.publish({ ...message, exchange: text }), "UNROUTABLE");
    await expectCode(broker.publish({ ...message, routingKey: text }), "UNROUTABLE");
    await expectCode(broker.publish({ ...message, exchange: text }, { delay: 1000 }), "UNROUTABLE");
    for (const property of ["contentType", "contentEncoding", "correlationId", "replyTo"]) {
      await expectCode(broker.publish({ ...message, properties: { [property]: text } }), "UNREADABLE");
    }
    await expectCode(broker.declare({ kind: "temporary", name: text, expires: 1000 }), "INVALID_OPTION");
    await expectCode(broker.declare({ kind: "latest-result", name, key: text, expires: 1000 }), "UNROUTABLE");
    await expectCode(broker.inspect(text), "INVALID_OPTION");
    await expectCode(broker.peek(text), "INVALID_OPTION");
    await expectCode(broker.claim(text), "INVALID_OPTION");
    await expectCode(broker.bind(name, text), "UNROUTABLE");
    await expectCode(broker.unbind(name, text), "UNROUTABLE");
    await expectCode(broker.deleteQueue(text), "INVALID_OPTION");
    await expectCode(
      broker.consume(text, { prefetch: 1 }, () => {}),
      "INVALID_OPTION",
    );
    await bench.queue(broker);
    await broker.publish(message);
    expect(await countReady(broker, name)).toBe(1);
  });
});
