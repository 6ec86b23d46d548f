import { describe, expect, it } from "vitest";
import type { Broker, Delivery } from "../../../src/dist/broker/index.js";
import type { Headers, HeaderValue, Message, MessageProperties } from "../../../src/dist/protocol/index.js";
import { brokerBench, consumeFrom, expectCode, expectEmpty, messageTo } from "../../support/broker-bench.ts";
import { brokers } from "../../support/brokers.ts";

const values: readonly (readonly [what: string, value: HeaderValue])[] = [
  ["the empty string", ""],
  ["text", "text"],
  ["text beyond ASCII", "Grüße, 漢字, 🐇, \u0000"],
  ["text of 10,000 characters", "x".repeat(10_000)],
  ["true", true],
  ["false", false],
  ["null", null],
  ["0", 0],
  ["1", 1],
  ["-1", -1],
  ["127", 127],
  ["128, which amqplib would write as an int16", 128],
  ["-128", -128],
  ["-129", -129],
  ["300", 300],
  ["32767", 32_767],
  ["32768", 32_768],
  ["-32768", -32_768],
  ["-32769", -32_769],
  ["2^31 - 1", 2 ** 31 - 1],
  ["2^31", 2 ** 31],
  ["-2^31", -(2 ** 31)],
  ["-2^31 - 1", -(2 ** 31) - 1],
  ["2^32", 2 ** 32],
  ["epoch milliseconds", 1_795_357_415_123],
  ["2^50", 2 ** 50],
  ["2^53 - 1", Number.MAX_SAFE_INTEGER],
  ["-(2^53 - 1)", Number.MIN_SAFE_INTEGER],
  ["a fraction", 0.1],
  ["a negative fraction", -2.5],
  ["the smallest fraction", Number.MIN_VALUE],
  ["a large float", 1.5e300],
  ["an empty list", []],
  ["a list of everything", ["a", 1, -300, 2 ** 40, 1.5, true, null, [], {}]],
  ["an empty table", {}],
  ["a table of everything", { s: "a", i: 1000, l: -(2 ** 40), d: 0.5, b: false, n: null, a: [[1, [300]]], t: { u: { v: {} } } }],
  ["names beyond ASCII", { "ключ 🗝": 1, "with space": 2, "": 3 }],
  ["Celery's time limit", [300, null]],
];

const properties: readonly (readonly [what: string, properties: MessageProperties])[] = [
  ["none", {}],
  ["all", { contentType: "application/json", contentEncoding: "utf-8", correlationId: "id", replyTo: "queue", priority: 7 }],
  ["priority 0", { priority: 0 }],
  ["priority 255", { priority: 255 }],
  ["text beyond ASCII", { correlationId: "größe 🐇", replyTo: "räply" }],
  ["text of 255 bytes", { correlationId: "x".repeat(255), replyTo: "é".repeat(127) }],
  ["empty text", { contentType: "", correlationId: "" }],
];

const bodies: readonly (readonly [what: string, body: Uint8Array])[] = [
  ["empty", new Uint8Array(0)],
  ["every byte", Uint8Array.from({ length: 256 }, (_, index) => index)],
  ["a part of a larger buffer", Buffer.from("0123456789").subarray(3, 6)],
  ["1 MB", Buffer.alloc(1_000_000, "0123456789abcdef")],
  ["just below a frame of 128 KiB", Buffer.alloc(131_072 - 8, 1)],
  ["just above a frame of 128 KiB", Buffer.alloc(131_073, 1)],
];

const refused: readonly (readonly [what: string, more: { readonly headers?: unknown; readonly properties?: unknown }])[] = [
  ["a header of NaN", { headers: { h: Number.NaN } }],
  ["a header of infinity", { headers: { h: [Number.POSITIVE_INFINITY] } }],
  ["a header of a bigint", { headers: { h: 1n } }],
  ["a header of a function", { headers: { h: () => 1 } }],
  ["a header of a Date", { headers: { h: { at: new Date(0) } } }],
  ["undefined in a list", { headers: { h: [undefined] } }],
  ["a header's name over 255 bytes", { headers: { ["x".repeat(256)]: 1 } }],
  ["a correlation id over 255 bytes", { properties: { correlationId: "é".repeat(128) } }],
  ["a priority over 255", { properties: { priority: 256 } }],
  ["a fractional priority", { properties: { priority: 1.5 } }],
];

describe.each(brokers)("messages on $name", ({ url }) => {
  const bench = brokerBench(url);

  async function echo(
    broker: Broker,
    more: { headers?: Headers; properties?: MessageProperties; body?: Uint8Array },
  ): Promise<Delivery> {
    const { name } = await bench.queue(broker, { type: "classic" });
    const { inbox } = await consumeFrom(broker, name);
    await broker.publish(messageTo(name, "", more));
    return inbox.next();
  }

  it.each(values)("carry a header of %s", async (_what, value) => {
    const { message } = await echo(bench.open(), { headers: { "x-value": value, after: "intact" } });
    expect(message.headers).toEqual({ "x-value": value, after: "intact" });
  });

  it("carry 100 headers, and none", async () => {
    const headers = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`header-${index}`, index * 1000]));
    const broker = bench.open();
    expect((await echo(broker, { headers })).message.headers).toEqual(headers);
    expect((await echo(broker, { headers: {} })).message.headers).toEqual({});
  });

  it("carry 50 kB of headers", async () => {
    const headers = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`header-${index}`, "x".repeat(1000)]));
    expect((await echo(bench.open(), { headers })).message.headers).toEqual(headers);
  });

  it("leave out headers that are undefined, and write -0 as 0", async () => {
    const headers = { gone: undefined, zero: -0, table: { gone: undefined, here: 1 } } as unknown as Headers;
    const { message } = await echo(bench.open(), { headers });
    expect(Object.keys(message.headers).sort()).toEqual(["table", "zero"]);
    expect(message.headers).toStrictEqual({ zero: 0, table: { here: 1 } });
  });

  it("leave out headers that are the broker's own to write, or to act on", async () => {
    const broker = bench.open();
    const bystander = await bench.queue(broker, { type: "classic" });
    const headers = {
      "x-death": [{ queue: "q", reason: "rejected", count: 5 }],
      "x-first-death-queue": "q",
      "x-first-death-reason": "rejected",
      "x-first-death-exchange": "",
      "x-delivery-count": 99,
      CC: [bystander.name],
      BCC: [bystander.name],
      "x-mine": 1,
    };
    const { message, deliveryCount } = await echo(broker, { headers });
    expect([message.headers, deliveryCount]).toEqual([{ "x-mine": 1 }, 0]);
    await expectEmpty(broker, bystander.name);
  });

  it("never get a prototype from a header's name", async () => {
    const headers = JSON.parse(
      '{"__proto__": {"polluted": true}, "table": {"__proto__": {"polluted": true}}, "constructor": "c"}',
    ) as Headers;
    const { message } = await echo(bench.open(), { headers });
    const table = message.headers["table"] as { readonly [key: string]: HeaderValue };
    expect([message.headers["polluted"], table["polluted"]]).toEqual([undefined, undefined]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(message.headers["constructor"]).toBe("c");
  });

  it.each(properties)("carry properties: %s", async (_what, given) => {
    const { message } = await echo(bench.open(), { properties: given });
    expect(message.properties).toEqual(given);
  });

  it.each(bodies)("carry a body: %s", async (_what, body) => {
    const { message } = await echo(bench.open(), { body });
    expect(message.body.byteLength).toBe(body.byteLength);
    expect(Buffer.compare(message.body, body)).toBe(0);
  });

  it("don't follow what the publisher does with its objects after the confirm", async () => {
    const broker = bench.open();
    const { name } = await bench.queue(broker);
    const message = {
      ...messageTo(name, "before"),
      headers: { list: [1], text: "before" },
      properties: { correlationId: "before" },
    };
    await broker.publish(message);
    message.body.fill(0);
    message.headers.list.push(2);
    message.headers.text = "after";
    message.properties.correlationId = "after";
    const { inbox } = await consumeFrom(broker, name);
    const got = (await inbox.next()).message;
    expect(Buffer.from(got.body).toString()).toBe("before");
    expect(got).toMatchObject({ headers: { list: [1], text: "before" }, properties: { correlationId: "before" } });
  });

  it.each(refused)("can't be sent with %s: UNREADABLE, and the next one goes through", async (_what, more) => {
    const broker = bench.open();
    const { name } = await bench.queue(broker, { type: "classic" });
    await expectCode(broker.publish({ ...messageTo(name, "bad"), ...more } as Message), "UNREADABLE");
    await expectEmpty(broker, name);
  });

  it("can't be sent with headers that fill a frame: PAYLOAD_TOO_LARGE, and the next one goes through", async () => {
    const broker = bench.open();
    const { name } = await bench.queue(broker, { type: "classic" });
    await expectCode(broker.publish(messageTo(name, "bad", { headers: { large: "x".repeat(200_000) } })), "PAYLOAD_TOO_LARGE");
    await expectEmpty(broker, name);
  });
});
