import { LigatureError } from "../../../errors/index.ts";
import type { Logger } from "../../../logging/index.ts";
import type { Message } from "../../../protocol/index.ts";
import { persist } from "../../persist.ts";

/** Publishes a message to the dead-letter queue of a queue; resolves when it is there, or when that queue has none. */
export type Park = (message: Message, queue: string) => Promise<void>;

/** Parks by publishing, so without the broker's own headers: no publish carries them. */
export function parkBy(options: {
  publish(message: Message): Promise<void>;
  /** Declares a queue anew. @returns whether that is known how */
  restoreQueue(queue: string): Promise<boolean>;
  readonly log: Logger;
}): Park {
  return (message, queue) =>
    persist(async () => {
      try {
        await options.publish(message);
      } catch (error) {
        if (!isUnroutable(error)) throw error;
        // Deleted, or there never was one, as with a queue of Celery's: then a message that is rejected is dropped.
        if (await options.restoreQueue(queue)) await options.publish(message).catch(ignoreUnroutable);
      }
    }, options.log);
}

function isUnroutable(error: unknown): boolean {
  return error instanceof LigatureError && error.code === "UNROUTABLE";
}

function ignoreUnroutable(error: unknown): void {
  if (!isUnroutable(error)) throw error;
}
