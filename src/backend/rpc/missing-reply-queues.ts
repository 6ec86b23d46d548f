import { LigatureError } from "../../errors/index.ts";
import type { Logger } from "../../logging/index.ts";
import { pause } from "../../timing/index.ts";

/** Milliseconds that a reply queue may be missing: its owner, if there is one, declares it again within a second or a reconnect. */
const patience = 10_000;
const firstPause = 100;
const longestPause = 1000;
/** How many missing queues are remembered. */
const most = 10_000;

/**
 * Reply queues that results could not be delivered to. One that was deleted while its owner lives comes back; one whose owner
 * has gone doesn't. So the first results wait for it, and once it has been missing for long, each later one is tried just once.
 */
export class MissingReplyQueues {
  readonly #log: Logger;
  /** Since when, epoch milliseconds. In the order of their loss. */
  readonly #missing = new Map<string, { readonly since: number; isTold: boolean }>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /**
   * Resolves when the result is delivered, or dropped because its queue is missing for good.
   * @param publish rejects with `UNROUTABLE` when there is no such queue; any other rejection is passed on
   */
  async deliver(replyTo: string, id: string, publish: () => Promise<void>): Promise<void> {
    for (let wait = firstPause; ; wait = Math.min(2 * wait, longestPause)) {
      try {
        await publish();
        this.#missing.delete(replyTo);
        return;
      } catch (error) {
        if (!(error instanceof LigatureError && error.code === "UNROUTABLE")) throw error;
      }
      const missing = this.#note(replyTo);
      if (Date.now() - missing.since >= patience) {
        // Once a queue: a caller that has gone may have left very many requests.
        if (!missing.isTold) {
          this.#log.warn(
            { id, replyTo },
            "A caller's reply queue is missing, so its result is dropped, and so will be further ones: the caller has gone, or somebody deleted its queue",
          );
        } else {
          this.#log.debug({ id, replyTo }, "A caller's reply queue is missing; its result is dropped.");
        }
        missing.isTold = true;
        return;
      }
      await pause(wait);
    }
  }

  #note(replyTo: string): { readonly since: number; isTold: boolean } {
    let missing = this.#missing.get(replyTo);
    if (missing === undefined) {
      missing = { since: Date.now(), isTold: false };
      this.#missing.set(replyTo, missing);
      for (const [oldest] of this.#missing) {
        if (this.#missing.size <= most) break;
        this.#missing.delete(oldest);
      }
    }
    return missing;
  }
}
