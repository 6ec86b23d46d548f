import type { Logger } from "../../logging/index.ts";
import type { Message, Packed } from "../../protocol/index.ts";
import { decodePartMessage, type PartMessage } from "./part-message.ts";

/** What is in a chord's queue, sorted. */
export interface Collected {
  /** By the header's order, once all members have succeeded. */
  readonly results: readonly Packed[] | undefined;
  /** Members that have ended, by success or failure. */
  readonly ended: number;
  /** Messages that tell nothing which another one doesn't tell: of requests that ran twice, or no parts at all. */
  readonly superfluous: readonly Message[];
}

/**
 * A request may run more than once, and each run leaves a part: the first success stands, and any success stands before
 * a failure, since that run's worker was lost before it could end the chord.
 */
export function collect(messages: readonly Message[], size: number, log: Logger): Collected {
  const parts = new Map<number, PartMessage>();
  const superfluous: Message[] = [];
  for (const message of messages) {
    const part = read(message, size, log);
    const known = part === undefined ? undefined : parts.get(part.index);
    if (part === undefined || (known !== undefined && (known.succeeded || !part.succeeded))) {
      superfluous.push(message);
      continue;
    }
    if (known !== undefined) superfluous.push(known.message);
    parts.set(part.index, part);
  }
  const inOrder = Array.from({ length: size }, (_, index) => parts.get(index));
  const results = inOrder.flatMap((part) => (part?.succeeded === true ? [part.result] : []));
  return { results: results.length === size ? results : undefined, ended: parts.size, superfluous };
}

/** Anybody may publish into a queue whose name he knows. */
function read(message: Message, size: number, log: Logger): PartMessage | undefined {
  try {
    const part = decodePartMessage(message);
    if (Number.isInteger(part.index) && part.index >= 0 && part.index < size) return part;
    log.warn({ queue: message.routingKey, index: part.index, size }, "a part of a chord has no place in it; it is dropped");
  } catch (error) {
    log.warn({ queue: message.routingKey, err: error }, "a message in a chord's queue is no part of it; it is dropped");
  }
  return undefined;
}
