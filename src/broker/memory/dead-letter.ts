import type { Headers, HeaderValue, Message } from "../../protocol/index.ts";

/** RabbitMQ's words for why a message was dead-lettered. */
export type DeathReason = "rejected" | "delivery_limit";

/**
 * The message as it goes to a dead-letter queue, with RabbitMQ's `x-death` and `x-first-death-*` headers: one
 * table for each pair of queue and reason, the latest first (rabbitmq.com/docs/dlx, "Effects on Messages").
 * `time` is in epoch seconds.
 */
export function deadLetter(message: Message, queue: string, target: string, reason: DeathReason): Message {
  const deaths = asTables(message.headers["x-death"]);
  const previous = deaths.find((death) => death["queue"] === queue && death["reason"] === reason);
  const count = previous?.["count"];
  const latest: HeaderValue = Object.freeze({
    count: typeof count === "number" ? count + 1 : 1,
    reason,
    queue,
    time: Math.floor(Date.now() / 1000),
    exchange: message.exchange,
    "routing-keys": Object.freeze([message.routingKey]),
  });
  const headers: Headers = Object.freeze({
    "x-first-death-exchange": message.exchange,
    "x-first-death-queue": queue,
    "x-first-death-reason": reason,
    ...message.headers,
    "x-death": Object.freeze([latest, ...deaths.filter((death) => death !== previous)]),
  });
  return Object.freeze({ ...message, exchange: "", routingKey: target, headers });
}

/** Anyone can send an `x-death` header; what isn't a list of tables is as good as none. */
function asTables(value: HeaderValue | undefined): readonly { readonly [key: string]: HeaderValue }[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item: HeaderValue) => typeof item === "object" && item !== null && !Array.isArray(item));
}
