import type { Message, MessageProperties } from "../../protocol/index.ts";
import { LigatureError } from "../../errors/index.ts";
import { copyHeaders } from "./header-copy.ts";

/**
 * A frozen copy that no later change by the publisher reaches, refused where AMQP couldn't carry it. The body's
 * bytes can't be frozen; who receives a message leaves them as they are.
 * @throws LigatureError `UNREADABLE` | `PAYLOAD_TOO_LARGE`
 */
export function copyMessage(message: Message): Message {
  return Object.freeze({
    exchange: shortText("exchange", message.exchange),
    routingKey: shortText("routing key", message.routingKey),
    headers: copyHeaders(message.headers),
    properties: copyProperties(message.properties),
    body: Buffer.from(message.body),
  });
}

function copyProperties(properties: MessageProperties): MessageProperties {
  const { contentType, contentEncoding, correlationId, replyTo, priority } = properties;
  if (priority !== undefined && !(Number.isInteger(priority) && priority >= 0 && priority <= 255)) {
    throw new LigatureError("UNREADABLE", `A message's priority must be a whole number from 0 to 255, got ${String(priority)}.`);
  }
  return Object.freeze({
    ...(contentType === undefined ? {} : { contentType: shortText("content type", contentType) }),
    ...(contentEncoding === undefined ? {} : { contentEncoding: shortText("content encoding", contentEncoding) }),
    ...(correlationId === undefined ? {} : { correlationId: shortText("correlation id", correlationId) }),
    ...(replyTo === undefined ? {} : { replyTo: shortText("reply queue", replyTo) }),
    ...(priority === undefined ? {} : { priority }),
  });
}

/** AMQP 0-9-1 §4.2.5.3: a short string holds at most 255 bytes. */
function shortText(what: string, text: string): string {
  // Three bytes of UTF-8 are the most that one UTF-16 unit takes.
  if (text.length * 3 > 255 && Buffer.byteLength(text) > 255) {
    throw new LigatureError("UNREADABLE", `A message's ${what} may have 255 bytes, got ${Buffer.byteLength(text)}.`);
  }
  return text;
}
