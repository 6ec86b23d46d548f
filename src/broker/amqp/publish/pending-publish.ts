import type { Message as ReturnedMessage } from "amqplib";
import type { Message } from "../../../protocol/index.ts";
import type { Expiring } from "../../../timing/index.ts";
import type { WrittenRoute } from "../declare/index.ts";
import type { EntryWindow } from "./entry-window.ts";
import { checkAddress, checkProperties, writableHeaders, type WritableMessage } from "../codec/index.ts";

/** Who is told of a publish's end. */
export interface PublishOutcome {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  readonly expire: (publish: PendingPublish) => void;
  /** However it ended. */
  settled?: () => void;
}

/**
 * A publish that the broker has not confirmed. It is in one of these states:
 *
 *   queued     waits for its turn at an entry (entry-window.ts).  ─▶ waiting
 *   waiting    not written on the present channel: there is none, or it takes no more for now.
 *   preparing  waits for an exchange or queue to be declared.  ─▶ waiting
 *   written    on the present channel.  confirmed, refused or returned ─▶ settled; the channel closes ─▶ waiting
 *   settled    its promise is; nothing more happens.
 */
export class PendingPublish implements Expiring {
  state: "queued" | "waiting" | "preparing" | "written" | "settled" = "waiting";
  /** On any channel: the broker may have it. */
  everWritten = false;
  /** How often RabbitMQ closed a connection over a breach of the protocol while this was unconfirmed on it. */
  suspicions = 0;
  /** Of the entry that it is for. */
  window: EntryWindow<PendingPublish> | undefined;
  /** Its place among all publishes. */
  order = 0;
  readonly message: Message;
  readonly route: WrittenRoute;
  readonly body: Buffer;
  readonly writable: WritableMessage;
  readonly giveUpAt: number;
  readonly outcome: PublishOutcome;

  /**
   * @param stored false for what only present subscribers get
   * @throws LigatureError `UNROUTABLE` | `UNREADABLE` for what AMQP can't carry
   */
  constructor(message: Message, route: WrittenRoute, stored: boolean, giveUpAt: number, outcome: PublishOutcome) {
    this.message = message;
    this.route = route;
    this.body = asBuffer(message.body);
    this.writable = writableMessage(message, route, stored);
    this.giveUpAt = giveUpAt;
    this.outcome = outcome;
  }

  expire(): void {
    this.outcome.expire(this);
  }
}

/** A message that is stored must also have a queue to be stored in. */
function writableMessage(
  { headers, properties }: Message,
  { exchange, routingKey }: WrittenRoute,
  stored: boolean,
): WritableMessage {
  const { contentType, contentEncoding, correlationId, replyTo, priority } = properties;
  checkAddress({ exchange, routingKey });
  checkProperties(properties);
  return {
    exchange,
    routingKey,
    mandatory: stored,
    deliveryMode: stored ? 2 : 1,
    headers: writableHeaders(headers),
    contentType,
    contentEncoding,
    correlationId,
    replyTo,
    priority,
  };
}

/** The same bytes. */
function asBuffer(body: Uint8Array): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}

/**
 * Which publish a returned message was. AMQP's `basic.return` carries no delivery tag, but all of the message; so
 * it is compared, which costs nothing as long as nothing is returned. Where two are alike to the last byte, it
 * makes no difference which of them is told.
 * @param pending in the order of publishing, which is the order of returning
 */
export function findReturned(pending: Iterable<PendingPublish>, returned: ReturnedMessage): PendingPublish | undefined {
  let second: PendingPublish | undefined;
  let headers: string | undefined;
  for (const publish of pending) {
    if (publish.state !== "written" || !isAlike(publish, returned)) continue;
    headers ??= JSON.stringify(returned.properties.headers ?? {});
    if (JSON.stringify(publish.message.headers) === headers) return publish;
    // RabbitMQ can be configured to add headers, and some are never sent.
    second ??= publish;
  }
  return second;
}

function isAlike({ route, message, body }: PendingPublish, { fields, properties, content }: ReturnedMessage): boolean {
  return (
    route.routingKey === fields.routingKey &&
    route.exchange === fields.exchange &&
    message.properties.correlationId === properties.correlationId &&
    body.equals(content)
  );
}
