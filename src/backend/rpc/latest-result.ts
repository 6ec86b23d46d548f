import { resultExchange } from "../../broker/index.ts";
import { encodeResult, type Message, type StoredResult } from "../../protocol/index.ts";

/** The queue that holds the latest state of a kept result. */
export function latestResultQueue(id: string): string {
  return `ligature.result.${id}`;
}

/** A result for its latest-result queue, and for all who watch it from elsewhere. @param by who has it already: its own reply queue */
export function latestResult(id: string, result: StoredResult, by: string): Message {
  const { properties, ...message } = encodeResult(result, "", id);
  return { ...message, exchange: resultExchange, routingKey: id, properties: { ...properties, replyTo: by } };
}

/** A delivered result, byte by byte, for the same. @param by who has it already, if anybody */
export function copyOfLatest(id: string, { headers, properties, body }: Message, by?: string): Message {
  const { contentType, contentEncoding, correlationId } = properties;
  return {
    exchange: resultExchange,
    routingKey: id,
    headers,
    properties: { contentType, contentEncoding, correlationId, ...(by !== undefined && { replyTo: by }) },
    body,
  };
}

/** It has been through here: a copy for us, not a result from a worker. */
export function isLatestResult({ exchange }: Message): boolean {
  return exchange === resultExchange;
}
