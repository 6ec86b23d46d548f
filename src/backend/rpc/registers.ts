import { resultExchange } from "../../broker/index.ts";
import { encodeResult, type Message, type StoredResult } from "../../protocol/index.ts";

/** The queue that holds the latest state of a kept result. */
export function registerOf(id: string): string {
  return `ligature.result.${id}`;
}

/** A result for its register, and for all who watch it from elsewhere. */
export function toRegister(id: string, result: StoredResult): Message {
  return { ...encodeResult(result, "", id), exchange: resultExchange, routingKey: id };
}

/** A delivered result, byte by byte, for the same. */
export function copyToRegister(id: string, { headers, properties, body }: Message): Message {
  const { contentType, contentEncoding, correlationId } = properties;
  return { exchange: resultExchange, routingKey: id, headers, properties: { contentType, contentEncoding, correlationId }, body };
}

/** It has been through here: a copy for us, not a result from a worker. */
export function isFromRegister({ exchange }: Message): boolean {
  return exchange === resultExchange;
}
