import { randomUUID } from "node:crypto";
import { silentLogger, type Logger } from "ligature";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Broker, BrokerOptions, Delivery } from "../../../../src/dist/broker/index.js";
import { consumeFrom, expectCode, messageTo, textOf } from "../../../support/broker-bench.ts";
import { Inbox } from "../../../support/inbox.ts";
import { recordLog } from "../../../support/log-recorder.ts";
import { eventually } from "../../../support/patience.ts";
import { openBroker } from "../../../support/open.ts";

const spec = { name: "q", type: "quorum", deliveryLimit: 10, maxPriority: undefined, owner: "ligature" } as const;
const opened: Broker[] = [];

function open(url: string, log: Logger = silentLogger): Broker {
  const options: BrokerOptions = { name: "unit", log, publishTimeout: 1000, maxPayload: 1000, maxUnconfirmed: 1 };
  const broker = openBroker(url, options);
  opened.push(broker);
  return broker;
}

async function openWithQueue(log?: Logger): Promise<Broker> {
  const broker = open(`memory://${randomUUID()}`, log);
  await broker.declare({ kind: "task", spec });
  return broker;
}

afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(opened.splice(0).map((broker) => broker.close()));
});

describe("memory URLs", () => {
  it.each(["memory://", "memory://name", "memory://a.b-c_1"])("%s is one", async (url) => {
    const broker = open(url);
    expect([broker.address, broker.product]).toEqual([url, "memory"]);
  });

  it.each(["memory:///", "memory://a b", "memory://a/b", "memory://a?b", "memory://user@host"])("%s is none", (url) => {
    expect(() => open(url)).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
  });

  it("that are the same name the same queues; others don't", async () => {
    const [one, same, other] = [open("memory://one"), open("memory://one"), open("memory://other")];
    await one.declare({ kind: "task", spec });
    await same.publish(messageTo("q", "met"));
    expect(textOf(await (await consumeFrom(one, "q")).inbox.next())).toBe("met");
    await expectCode(other.publish(messageTo("q", "x")), "UNROUTABLE");
  });

  it("name queues that last as long as any handle is open", async () => {
    const [one, two] = [open("memory://shared"), open("memory://shared")];
    await one.declare({ kind: "task", spec });
    await one.publish(messageTo("q", "kept"));
    await one.close();
    expect(textOf(await (await consumeFrom(two, "q")).inbox.next())).toBe("kept");
    await two.close();
    await expectCode(open("memory://shared").publish(messageTo("q", "x")), "UNROUTABLE");
  });
});

describe("the memory broker", () => {
  it("has copied a message when publish returns, before its confirm", async () => {
    const broker = await openWithQueue();
    const body = Buffer.from("before");
    const headers = { list: [{ deep: 1 }] };
    const published = broker.publish(messageTo("q", body, { headers }));
    body.fill(0);
    headers.list[0]!.deep = 2;
    headers.list.push({ deep: 3 });
    await published;
    const { message } = await (await consumeFrom(broker, "q")).inbox.next();
    expect(Buffer.from(message.body).toString()).toBe("before");
    expect(message.headers).toEqual({ list: [{ deep: 1 }] });
  });

  it("gives out frozen messages", async () => {
    const broker = await openWithQueue();
    await broker.publish(messageTo("q", "x", { headers: { list: [1], table: { a: 1 } }, properties: { replyTo: "r" } }));
    const { message } = await (await consumeFrom(broker, "q")).inbox.next();
    const { headers, properties } = message;
    expect([message, headers, headers["list"], headers["table"], properties].every(Object.isFrozen)).toBe(true);
  });

  it("delivers neither within publish nor within consume", async () => {
    const broker = await openWithQueue();
    const inbox = new Inbox<Delivery>();
    const consuming = broker.consume("q", { prefetch: 10 }, inbox.put);
    const publishing = broker.publish(messageTo("q", "x"));
    expect(inbox.unread).toBe(0);
    await Promise.all([consuming, publishing]);
    expect(inbox.unread).toBe(0);
    expect(textOf(await inbox.next())).toBe("x");
  });

  it("takes turns among consumers with room, also when messages come one by one", async () => {
    const broker = await openWithQueue();
    const order: string[] = [];
    const got = new Inbox<void>();
    const consume = (name: string, prefetch: number) =>
      broker.consume("q", { prefetch }, (delivery) => {
        order.push(name);
        if (name !== "full") delivery.ack();
        got.put();
      });
    await consume("a", 10);
    await consume("full", 1);
    const b = await consume("b", 10);
    for (let count = 0; count < 5; count += 1) {
      await broker.publish(messageTo("q", "x"));
      await got.next();
    }
    await b.cancel();
    await Promise.all([broker.publish(messageTo("q", "x")), broker.publish(messageTo("q", "x"))]);
    await got.take(2);
    expect(order).toEqual(["a", "full", "b", "a", "b", "a", "a"]);
  });

  it("gives the event loop its turn while a long queue is handed out", async () => {
    const broker = await openWithQueue();
    for (let count = 0; count < 10_000; count += 1) await broker.publish(messageTo("q", "x"));
    let delivered = 0;
    const all = new Inbox<void>();
    await broker.consume("q", { prefetch: 65_535 }, () => {
      delivered += 1;
      if (delivered === 10_000) all.put();
    });
    const whenTheLoopHadItsTurn = await new Promise<number>((resolve) => setTimeout(() => resolve(delivered), 0));
    expect(whenTheLoopHadItsTurn).toBeLessThan(10_000);
    await all.next();
  });

  it("returns messages to their places in whatever order they are requeued", async () => {
    const broker = await openWithQueue();
    for (const body of ["1", "2", "3", "4", "5", "6"]) await broker.publish(messageTo("q", body));
    const { inbox } = await consumeFrom(broker, "q", 5);
    const held = await inbox.take(5);
    for (const index of [3, 0, 4, 2, 1]) held[index]?.requeue();
    expect((await inbox.take(5)).map(textOf)).toEqual(["1", "2", "3", "4", "5"]);
  });

  it("logs what a consumer or a subscriber throws", async () => {
    const { log, lines } = recordLog();
    const broker = await openWithQueue(log);
    const error = new Error("thrown");
    const got = new Inbox<unknown>();
    const fail = (item: unknown): void => {
      got.put(item);
      throw error;
    };
    await broker.consume("q", { prefetch: 1 }, fail);
    await broker.subscribe(fail);
    await broker.publish(messageTo("q", "x"));
    await broker.broadcast({ headers: {}, properties: {}, body: Buffer.from("x") });
    await got.take(2);
    await eventually(() => expect(lines).toHaveLength(2));
    expect(lines).toEqual([
      { level: "error", fields: { err: error, queue: "q" }, message: expect.stringContaining("consumer") },
      { level: "error", fields: { err: error }, message: expect.stringContaining("subscriber") },
    ]);
  });

  it("gives each subscriber a body of its own", async () => {
    const broker = await openWithQueue();
    const [first, second] = [new Inbox<string>(), new Inbox<string>()];
    for (const inbox of [first, second]) {
      await broker.subscribe(({ body }) => {
        inbox.put(Buffer.from(body).toString());
        body.fill(0);
      });
    }
    await broker.broadcast({ headers: {}, properties: {}, body: Buffer.from("x") });
    expect([await first.next(), await second.next()]).toEqual(["x", "x"]);
  });

  it("has no limit of unconfirmed publishes, since none is", async () => {
    const broker = await openWithQueue();
    await Promise.all(Array.from({ length: 100 }, () => broker.publish(messageTo("q", "x"))));
  });
});
