import type { Channel, ConfirmChannel, Message as ReturnedMessage } from "amqplib";
import { describe, expect, it } from "vitest";
import { Outages, parseAddress } from "../../../src/dist/broker/amqp/connection/index.js";
import { delayedRoute } from "../../../src/dist/broker/amqp/declare/index.js";
import { blame, findReturned, PendingPublish } from "../../../src/dist/broker/amqp/publish/index.js";
import { Settlements } from "../../../src/dist/broker/amqp/consume/index.js";
import { writableHeaders, writeMessage } from "../../../src/dist/broker/amqp/codec/index.js";
import type { Headers, Message } from "../../../src/dist/protocol/index.js";
import { recordLog } from "../../support/log-recorder.ts";

function publishOf(message: Partial<Message>): PendingPublish {
  const whole: Message = { exchange: "", routingKey: "q", headers: {}, properties: {}, body: Buffer.from("x"), ...message };
  const { exchange, routingKey } = whole;
  const outcome = { resolve() {}, reject() {}, expire() {} };
  const publish = new PendingPublish(whole, { exchange, routingKey, requires: [] }, true, Number.POSITIVE_INFINITY, outcome);
  publish.state = "written";
  return publish;
}

describe("a broker's URL", () => {
  it("is shown without user and password", () => {
    expect(parseAddress("amqp://some%20one:p%40ss@rabbit.example/orders")).toEqual({
      url: "amqp://rabbit.example/orders?heartbeat=30",
      username: "some one",
      password: "p@ss",
      display: "amqp://rabbit.example:5672/orders",
      virtualHost: "orders",
    });
    expect(parseAddress("amqps://[::1]:5679/%2f?heartbeat=5")).toMatchObject({
      url: "amqps://[::1]:5679/%2f?heartbeat=5",
      username: "guest",
      display: "amqps://[::1]:5679/%2f",
      virtualHost: "/",
    });
    expect(parseAddress("amqps://h").display).toBe("amqps://h:5671");
  });

  it.each([
    "amqp://",
    "amqp://user:s3cret@:5672",
    "amqp://user:s3cret@host:port",
    "amqp://user:s3%cret@host",
    "amqp://user:s3cret@host?heartbeat=x",
  ])("%s is refused without being repeated", (url) => {
    expect(() => parseAddress(url)).toThrow(/^\[INVALID_OPTION\] The broker's URL can't be used: (?!.*s3)/);
  });
});

describe("headers to be written", () => {
  it("stay the same object when there is nothing to mark", () => {
    const headers = { task: "t", flag: true, none: null };
    expect(writableHeaders(headers)).toBe(headers);
  });

  it("lose what is the broker's own", () => {
    const headers: Headers = {
      id: "1",
      "x-death": [],
      CC: "other",
      BCC: ["other"],
      "x-delivery-count": 3,
      "x-first-death-queue": "q",
      "x-mine": "kept",
    };
    expect({ ...writableHeaders(headers) }).toEqual({ id: "1", "x-mine": "kept" });
  });

  it.each([
    ["NaN", { a: Number.NaN }],
    ["an infinity, over which RabbitMQ closes the connection", { a: { b: [Number.POSITIVE_INFINITY] } }],
    ["a bigint", { a: 1n }],
    ["undefined in a list", { a: [undefined] }],
    ["a Date", { a: new Date() }],
    ["bytes", { a: Buffer.from("x") }],
    ["a name of 256 bytes", { ["é".repeat(128)]: "x" }],
    ["a name of 256 bytes inside", { a: { ["é".repeat(128)]: "x" } }],
  ])("refuse %s", (_what, headers) => {
    expect(() => writableHeaders(headers as unknown as Headers)).toThrow("[UNREADABLE] Header ");
  });

  it("may be called like a prototype's member, and hold amqplib's own way of naming a type", () => {
    const headers = JSON.parse('{ "__proto__": 1, "a": { "__proto__": [2], "!": "int", "value": "x" } }') as Headers;
    const written = writableHeaders(headers);
    expect(Object.getPrototypeOf(written)).toBe(Object.prototype);
    expect(Object.entries(written)).toMatchObject([
      ["__proto__", { "!": "int", value: 1 }],
      ["a", {}],
    ]);
    // amqplib writes what an object inherits, too, but looks for the type among its own keys.
    const inner = (written as Record<string, object>)["a"] as object;
    expect(Object.keys(inner)).toEqual([]);
    const seen: string[] = [];
    for (const name in inner) seen.push(name);
    expect(seen).toEqual(["__proto__", "!", "value"]);
  });

  it("refuse cycles", () => {
    const headers: Record<string, unknown> = {};
    headers["self"] = headers;
    expect(() => writableHeaders(headers as Headers)).toThrow("nested deeper than 32 levels");
  });
});

describe("a message", () => {
  const message = publishOf({ properties: { correlationId: "1" } });

  it("is written as amqplib's publish would", () => {
    const calls: unknown[] = [];
    const channel = {
      sendMessage: (...args: unknown[]) => (calls.push(args), false),
      pushConfirmCallback: (onConfirm: unknown) => calls.push(onConfirm),
    } as unknown as ConfirmChannel;
    const onConfirm = (): void => {};
    expect(writeMessage(channel, message.writable, message.body, onConfirm)).toBe(false);
    expect(calls).toEqual([[message.writable, message.writable, message.body], onConfirm]);
  });

  it("goes through publish itself where another amqplib has none of that", () => {
    const calls: unknown[] = [];
    const channel = { publish: (...args: unknown[]) => (calls.push(args), true) } as unknown as ConfirmChannel;
    const onConfirm = (): void => {};
    expect(writeMessage(channel, message.writable, message.body, onConfirm)).toBe(true);
    expect(calls).toEqual([["", "q", message.body, message.writable, onConfirm]]);
  });
});

describe("a returned message", () => {
  const returned = (message: Partial<Message>): ReturnedMessage => {
    const { route, message: whole, body } = publishOf(message);
    return {
      fields: route,
      properties: { headers: whole.headers, ...whole.properties },
      content: Buffer.from(body),
    } as unknown as ReturnedMessage;
  };

  it("is told from others by route, correlation id, body and headers", () => {
    const pending = [
      publishOf({ routingKey: "other" }),
      publishOf({ properties: { correlationId: "other" } }),
      publishOf({ body: Buffer.from("other") }),
      publishOf({ headers: { id: "other" } }),
      publishOf({ headers: { id: "1", n: 300 } }),
      publishOf({ headers: { id: "1", n: 300 } }),
    ];
    expect(findReturned(pending, returned({ headers: { id: "1", n: 300 } }))).toBe(pending[4]);
    pending.splice(4, 1);
    expect(findReturned(pending, returned({ headers: { id: "1", n: 300 } }))).toBe(pending[4]);
    expect(findReturned(pending, returned({ routingKey: "unknown" }))).toBeUndefined();
  });

  it("is found although RabbitMQ added a header; what isn't written is none", () => {
    const [waiting, written] = [publishOf({}), publishOf({})];
    waiting.state = "waiting";
    expect(findReturned([waiting, written], returned({ headers: { "x-routed-by": "node" } }))).toBe(written);
  });
});

describe("a publish that closes the channel", () => {
  const refusal = (code: number, reason: string) => ({ code, reason, error: new Error(reason) });
  const small = publishOf({});
  const large = publishOf({ body: Buffer.alloc(50) });
  const elsewhere = publishOf({ exchange: "private" });
  const all = [small, large, elsewhere];

  it("is the one that is too large", () => {
    const { guilty, maxBody } = blame(
      refusal(406, "PRECONDITION_FAILED - message size 50 is larger than configured max size 20"),
      all,
    );
    expect([...guilty]).toEqual([[large, expect.objectContaining({ code: "PAYLOAD_TOO_LARGE" })]]);
    expect(maxBody).toBe(20);
  });

  it("is the one to the exchange that is refused", () => {
    const { guilty } = blame(
      refusal(403, "ACCESS_REFUSED - write access to exchange 'private' in vhost '/' refused for user 'u'"),
      all,
    );
    expect([...guilty]).toEqual([[elsewhere, expect.objectContaining({ code: "REFUSED" })]]);
  });

  it("is looked for when an exchange is gone", () => {
    expect(blame(refusal(404, "NOT_FOUND - no exchange 'private' in vhost '/'"), all).guilty.size).toBe(0);
  });

  it.each([
    refusal(406, "PRECONDITION_FAILED - message size 50 is larger than configured max size 60"),
    refusal(403, "ACCESS_REFUSED - for a reason that names nothing"),
    refusal(541, "INTERNAL_ERROR"),
  ])("is any of them when RabbitMQ doesn't say: $reason", (unclear) => {
    const { guilty } = blame(unclear, all);
    expect([...guilty.keys()]).toEqual(all);
    for (const error of guilty.values()) expect(error.code).toBe("CONNECTION_LOST");
  });
});

describe("acknowledgements", () => {
  /** What a channel is told, as `ack 3*` for a multiple one. */
  function record() {
    const told: string[] = [];
    const channel = {
      ack: ({ fields }: ReturnedMessage, multiple = false) => told.push(`ack ${fields.deliveryTag}${multiple ? "*" : ""}`),
      reject: ({ fields }: ReturnedMessage, requeue: boolean) =>
        told.push(`${requeue ? "requeue" : "dead"} ${fields.deliveryTag}`),
    } as unknown as Channel;
    return { told, settlements: new Settlements(channel) };
  }
  const turn = () => new Promise(setImmediate);

  it("of one turn go together up to the lowest open tag, and singly above", async () => {
    const { told, settlements } = record();
    for (const tag of [2, 1, 3, 6, 5]) settlements.ack(tag);
    expect(told).toEqual([]);
    await turn();
    expect(told).toEqual(["ack 3*", "ack 6", "ack 5"]);
    settlements.ack(4);
    await turn();
    expect(told.slice(3)).toEqual(["ack 4"]);
    for (const tag of [7, 8]) settlements.ack(tag);
    await turn();
    expect(told.slice(4)).toEqual(["ack 8*"]);
  });

  it("never name a tag that was told before: RabbitMQ would close the channel", async () => {
    const { told, settlements } = record();
    settlements.ack(2);
    settlements.reject(3, true);
    await turn();
    settlements.ack(1);
    await turn();
    settlements.reject(4, false);
    settlements.ack(5);
    settlements.ack(6);
    await turn();
    expect(told).toEqual(["requeue 3", "ack 2", "ack 1", "dead 4", "ack 6*"]);
  });

  it("are without effect after the channel's end", async () => {
    const { told, settlements } = record();
    settlements.ack(1);
    settlements.end();
    settlements.ack(2);
    settlements.reject(3, true);
    await turn();
    expect(told).toEqual([]);
  });
});

describe("the route of a delayed message", () => {
  it.each([
    [1, 7],
    [128, 7],
    [129, 8],
    [300, 8],
    [60_000, 15],
    [180 * 86_400_000, 33],
  ])("of %i ms begins at rung %i, and is the delay in binary", (delay, rung) => {
    const { exchange, routingKey } = delayedRoute(delay, "", "a.queue");
    expect(exchange).toBe(`ligature.delay.${rung}`);
    expect(routingKey).toMatch(/^([01]\.){27}a\.queue$/);
    const digits = routingKey.slice(0, -"a.queue".length).replaceAll(".", "");
    const held = Number.parseInt(digits, 2) * 128;
    expect(held).toBeGreaterThanOrEqual(delay);
    expect(held).toBeLessThan(delay + 128);
    expect(digits.indexOf("1")).toBe(33 - rung);
  });
});

describe("an outage", () => {
  it("of two connections is told once, and ends with the last of them", () => {
    const { log, lines } = recordLog();
    const outages = new Outages(log, parseAddress("amqp://h"));
    const [one, two] = [{}, {}];
    expect(outages.describe()).toBeUndefined();
    outages.failed(one, new Error("connect ECONNREFUSED 127.0.0.1:5672"));
    outages.failed(two, new Error("connect ECONNREFUSED 127.0.0.1:5672"));
    outages.failed(one, new Error("connect ECONNREFUSED 127.0.0.1:5672"));
    expect(outages.describe()).toMatch(/^RabbitMQ at amqp:\/\/h:5672 has been out of reach for \d+ s: connect ECONNREFUSED/);
    outages.connected(one, "RabbitMQ 4.2.0");
    expect(lines).toHaveLength(1);
    outages.connected(two, "RabbitMQ 4.2.0");
    expect(lines.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      "warn: RabbitMQ at amqp://h:5672 can't be reached: connect ECONNREFUSED 127.0.0.1:5672; retrying",
      "info: connected again to RabbitMQ 4.2.0 at amqp://h:5672",
    ]);
    expect(outages.describe()).toBeUndefined();
  });

  it("has a reason even where Node's error has no text of its own", () => {
    const { log, lines } = recordLog();
    const outages = new Outages(log, parseAddress("amqp://h"));
    outages.failed(
      {},
      new AggregateError([new Error("connect ECONNREFUSED ::1:5672"), new Error("connect ECONNREFUSED 127.0.0.1:5672")]),
    );
    expect(lines[0]?.message).toContain("connect ECONNREFUSED ::1:5672, Error: connect ECONNREFUSED 127.0.0.1:5672");
  });
});
