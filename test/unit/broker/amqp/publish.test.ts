import type { Message as ReturnedMessage } from "amqplib";
import { describe, expect, it } from "vitest";
import { blame, findReturned, PendingPublish } from "../../../../src/dist/broker/amqp/publish/index.js";
import type { Message } from "../../../../src/dist/protocol/index.js";

function publishOf(message: Partial<Message>): PendingPublish {
  const whole: Message = { exchange: "", routingKey: "q", headers: {}, properties: {}, body: Buffer.from("x"), ...message };
  const { exchange, routingKey } = whole;
  const outcome = { resolve() {}, reject() {}, expire() {} };
  const publish = new PendingPublish(whole, { exchange, routingKey, requires: [] }, true, Number.POSITIVE_INFINITY, outcome);
  publish.state = "written";
  return publish;
}

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
