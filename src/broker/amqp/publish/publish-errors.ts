import { LigatureError } from "../../../errors/index.ts";
import type { Message } from "../../../protocol/index.ts";
import type { PendingPublish } from "./pending-publish.ts";
import type { ChannelRefusal } from "../connection/index.ts";

/** For errors: `queue "images"`. */
export function targetOf({ exchange, routingKey }: Pick<Message, "exchange" | "routingKey">): string {
  return exchange === "" ? `queue "${routingKey}"` : `exchange "${exchange}" with routing key "${routingKey}"`;
}

/** The broker returned it. */
export function unroutable({ message }: PendingPublish): LigatureError {
  const { exchange, routingKey } = message;
  const missing =
    exchange === ""
      ? `there is no queue "${routingKey}"`
      : `no queue is bound to exchange "${exchange}" for routing key "${routingKey}"`;
  return new LigatureError(
    "UNROUTABLE",
    `RabbitMQ returned the message: ${missing}. Start the worker that serves it once, which declares its queue, or check the name.`,
    { details: { exchange, routingKey } },
  );
}

/** The broker nacked it. */
export function refused({ message }: PendingPublish): LigatureError {
  return new LigatureError(
    "REFUSED",
    `RabbitMQ refused the message for ${targetOf(message)}: the queue is full, or not available on any node, or RabbitMQ failed internally (its log says). Send it again later.`,
  );
}

/** amqplib could not encode it. */
export function unwritable({ message }: PendingPublish, error: unknown): LigatureError {
  const target = targetOf(message);
  if (error instanceof RangeError && error.message.includes("encoding buffer")) {
    return new LigatureError(
      "PAYLOAD_TOO_LARGE",
      `The headers of the message for ${target} take more than 65536 bytes together. Put large values into the arguments instead.`,
      { cause: error },
    );
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new LigatureError("UNREADABLE", `The message for ${target} can't be written: ${reason}.`, { cause: error });
}

export function tooLarge(message: Message, limit: number, whose: string): LigatureError {
  return new LigatureError(
    "PAYLOAD_TOO_LARGE",
    `The message for ${targetOf(message)} has ${message.body.byteLength} bytes, ${whose} is ${limit}. Send a reference to the data instead.`,
    { details: { bytes: message.body.byteLength, limit } },
  );
}

/** Its caller gave it up. */
export function aborted({ everWritten, message }: PendingPublish, signal: AbortSignal): LigatureError {
  const what = everWritten
    ? `The message for ${targetOf(message)} was given up by its caller's signal before it was confirmed. It may have arrived.`
    : `The message for ${targetOf(message)} was not sent: its caller's signal was aborted first.`;
  return new LigatureError("ABORTED", what, { cause: signal.reason });
}

/** The broker was closed meanwhile. */
export function closedBefore({ everWritten, message }: PendingPublish): LigatureError {
  return everWritten
    ? new LigatureError(
        "CONNECTION_LOST",
        `The broker was closed before it confirmed the message for ${targetOf(message)}. It may have arrived.`,
      )
    : new LigatureError("CLOSED", `The broker was closed before it could send the message for ${targetOf(message)}.`);
}

/** It was there each time that RabbitMQ closed the connection. */
export function suspected({ message, suspicions }: PendingPublish, reason: string): LigatureError {
  return new LigatureError(
    "CONNECTION_LOST",
    `RabbitMQ closed the connection ${suspicions} times while the message for ${targetOf(message)} was not confirmed, so it is given up: ${reason}. It may have arrived.`,
  );
}

/** What a publish that closed the channel taught about the broker's limits. */
export interface Blame {
  /** Those that are to blame, with what they are told; all others are innocent, and written again. */
  readonly guilty: ReadonlyMap<PendingPublish, LigatureError>;
  /** The broker's largest body in bytes, where that was exceeded. */
  readonly maxBody?: number;
}

/**
 * Which of the written publishes made the broker close the channel. AMQP doesn't say; its reason does, by naming
 * the exchange or the size. Where nothing fits, all are given up, or they would close the next channel too.
 */
export function blame(refusal: ChannelRefusal, written: readonly PendingPublish[]): Blame {
  const { code, reason, error: cause } = refusal;
  // An exchange is gone. Before they are written again it is looked for, and whoever needs it is told.
  if (code === 404) return { guilty: new Map() };
  const maxBody = /message size \d+ .*max size (\d+)/.exec(reason)?.[1];
  if (maxBody !== undefined) {
    const limit = Number(maxBody);
    const large = written.filter(({ body }) => body.length > limit);
    const guilty = new Map(
      large.map((publish) => [publish, tooLarge(publish.message, limit, "RabbitMQ's limit (max_message_size)")]),
    );
    if (guilty.size > 0) return { guilty, maxBody: limit };
  }
  const there = code === 403 ? written.filter(isRefusedBy(reason)) : [];
  if (there.length > 0) {
    const command = reason.includes("access to topic") ? "set_topic_permissions" : "set_permissions";
    const text = `RabbitMQ doesn't let this user publish there: ${reason}. Grant it the permission to write (rabbitmqctl ${command}).`;
    return {
      guilty: new Map(
        there.map((publish) => [publish, new LigatureError("REFUSED", text, { cause, details: { forbidden: true } })]),
      ),
    };
  }
  const text = `RabbitMQ closed the channel before it confirmed the message: ${reason}. It may have arrived.`;
  return { guilty: new Map(written.map((publish) => [publish, new LigatureError("CONNECTION_LOST", text, { cause })])) };
}

/** What RabbitMQ calls the exchange without a name. */
const defaultExchange = "amq.default";

/** Which publishes a refused one stands for: all to an exchange, or, by topic permissions, all to one with the same key. */
function isRefusedBy(reason: string): (publish: PendingPublish) => boolean {
  const [, topic, named] = /(?:access to topic '(.*)' in )?exchange '(.*?)' in vhost/s.exec(reason) ?? [];
  const exchange = named === defaultExchange ? "" : named;
  return ({ route }) => route.exchange === exchange && (topic === undefined || route.routingKey === topic);
}
