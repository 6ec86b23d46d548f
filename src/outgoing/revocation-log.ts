import type { Broker, Consumer } from "../broker/index.ts";
import { longestDuration } from "../contract/index.ts";
import { LigatureError } from "../errors/index.ts";
import type { Logger } from "../logging/index.ts";
import { encodeRevocation, type Message, type RevocationEntry } from "../protocol/index.ts";

const name = "ligature.revoked";

/** Ids that are remembered at most, by the log and by each worker. */
export const mostRevocations = 50_000;

/** Room for that many of 300 bytes, which is what an id takes that is revoked alone. */
const maxBytes = 300 * mostRevocations;

/**
 * Revocations that outlive whoever hears them: what is broadcast reaches the workers that run now, and what is written here,
 * also those that start later. Where the broker has no such log, or doesn't let us use it, that is said once, and the
 * broadcast is all there is.
 */
export class RevocationLog {
  readonly #broker: Broker;
  readonly #log: Logger;
  #isMissing = false;

  constructor(broker: Broker, log: Logger) {
    this.#broker = broker;
    this.#log = log;
  }

  /** Resolves when the broker keeps them, or can't. @throws LigatureError `NOT_SENT` | `CONNECTION_LOST` | `CLOSED` */
  async revoke(ids: readonly string[], now: number): Promise<void> {
    await this.write({ ids, until: now + longestDuration });
  }

  /** Of whole workflows. */
  async revokeRoots(roots: readonly string[], now: number): Promise<void> {
    await this.write({ ids: roots, roots, until: now + longestDuration });
  }

  async write(entry: RevocationEntry): Promise<void> {
    await this.#unlessMissing(async () => {
      await this.#broker.declare({ kind: "journal", name, keep: longestDuration, maxBytes });
      await this.#broker.publish({ exchange: "", routingKey: name, ...encodeRevocation(entry) });
    });
  }

  /**
   * Hands over all entries, from the first on, then those that come.
   * @param giveUpAt epoch milliseconds
   * @returns undefined where there is no log
   */
  async follow(onEntry: (message: Message) => void, giveUpAt: number): Promise<Consumer | undefined> {
    return this.#unlessMissing(async () => {
      await this.#broker.declare({ kind: "journal", name, keep: longestDuration, maxBytes }, { giveUpAt });
      return this.#broker.follow(name, onEntry);
    });
  }

  async #unlessMissing<T>(use: () => Promise<T>): Promise<T | undefined> {
    if (this.#isMissing) return undefined;
    try {
      return await use();
    } catch (error) {
      const isRefusal =
        error instanceof LigatureError && ["REFUSED", "QUEUE_MISMATCH", "UNROUTABLE", "PAYLOAD_TOO_LARGE"].includes(error.code);
      if (!isRefusal) throw error;
      this.#isMissing = true;
      this.#log.warn(
        { queue: name, err: error },
        "revocations can't be kept for workers that start later: this takes a stream (RabbitMQ 3.9 or newer) and permissions on it; they reach those that run now",
      );
      return undefined;
    }
  }
}
