import type { Message } from "../../protocol/index.ts";

/** RabbitMQ's words for why a message was dead-lettered. */
export type DeathReason = "rejected" | "delivery_limit";

/**
 * The message as it goes to a dead-letter queue, with RabbitMQ's `x-death` and `x-first-death-*` headers
 * (rabbitmq.com/docs/dlx, "Effects on Messages"). It has died for the first time, since a dead-letter queue has
 * none of its own and nobody can publish these headers. `time` is in epoch seconds.
 */
export function deadLetter(message: Message, queue: string, target: string, reason: DeathReason): Message {
  const { exchange, routingKey } = message;
  const death = Object.freeze({
    count: 1,
    reason,
    queue,
    time: Math.floor(Date.now() / 1000),
    exchange,
    "routing-keys": Object.freeze([routingKey]),
  });
  const headers = Object.freeze({
    ...message.headers,
    "x-death": Object.freeze([death]),
    "x-first-death-exchange": exchange,
    "x-first-death-queue": queue,
    "x-first-death-reason": reason,
  });
  return Object.freeze({ ...message, exchange: "", routingKey: target, headers });
}
