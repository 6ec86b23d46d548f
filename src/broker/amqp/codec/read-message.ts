import type { ConsumeMessage } from "amqplib";
import type { Headers, Message } from "../../../protocol/index.ts";
import type { ReadProperties } from "./read-properties.ts";

/** What the names of the delay ladder's exchanges begin with. */
export const delayPrefix = "ligature.delay.";

const noHeaders: Headers = Object.freeze({});

/** @param queue where it came from */
export function messageOf({ fields, properties, content }: ConsumeMessage, queue: string): Message {
  const { headers, contentType, contentEncoding, correlationId, replyTo, priority } = properties as ReadProperties;
  // A delayed message's own address is the way down the ladder; its exchange is that of the lowest rung that held it.
  const delayed = fields.exchange.startsWith(delayPrefix);
  return {
    exchange: delayed ? "" : fields.exchange,
    routingKey: delayed ? queue : fields.routingKey,
    headers: headers ?? noHeaders,
    properties: { contentType, contentEncoding, correlationId, replyTo, priority },
    body: content,
  };
}
