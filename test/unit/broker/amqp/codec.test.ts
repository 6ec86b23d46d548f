import type { ConfirmChannel } from "amqplib";
import { describe, expect, it } from "vitest";
import { PendingPublish } from "../../../../src/dist/broker/amqp/publish/index.js";
import { writableHeaders, writeMessage } from "../../../../src/dist/broker/amqp/codec/index.js";
import type { Headers, Message } from "../../../../src/dist/protocol/index.js";

function publishOf(message: Partial<Message>): PendingPublish {
  const whole: Message = { exchange: "", routingKey: "q", headers: {}, properties: {}, body: Buffer.from("x"), ...message };
  const { exchange, routingKey } = whole;
  const outcome = { resolve() {}, reject() {}, expire() {} };
  const publish = new PendingPublish(whole, { exchange, routingKey, requires: [] }, true, Number.POSITIVE_INFINITY, outcome);
  publish.state = "written";
  return publish;
}

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
