import type { Message } from "./message.ts";
import type { StoredResult } from "./stored-result.ts";
/** The message for a reply queue (default exchange, routing key = the queue). */
export function encodeResult(result: StoredResult, replyTo: string, correlationId: string | undefined): Message {
  throw new Error(String([result, replyTo, correlationId]));
}
/** @throws LigatureError `UNREADABLE` */
export function decodeResult(message: Pick<Message, "body" | "properties">): StoredResult {
  throw new Error(String(message));
}
