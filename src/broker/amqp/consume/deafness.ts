import { every } from "../../../timing/index.ts";
import type { QueueStatus } from "../../broker.ts";

/** Milliseconds between two looks. */
const lookEvery = 2500;
/** How long messages may be ready while a consumer has room for them and gets none. */
const firstPatience = 5000;
/** Where consuming anew doesn't help, somebody else is served first: a single active consumer, or one of higher priority. */
const longestPatience = 5 * 60 * 1000;
/**
 * Milliseconds of idleness after which the queue is declared and consumed anew, whatever it says: its bindings may be gone, and
 * up to as many messages as the consumer has room for may count as delivered to it, which RabbitMQ never sent.
 */
const renewEvery = 30_000;

/** What there is to see of a consumer. */
export interface Watched {
  /** Whether it has room for another message. */
  isFree(): boolean;
  /** How the queue is doing; undefined when it is gone. Rejects when that can't be known now. */
  inspect(): Promise<QueueStatus | undefined>;
  /** Declares the queue again, with its bindings. */
  restore(): Promise<void>;
}

/**
 * Notices that a consumer is silently dead. RabbitMQ doesn't tell a consumer when its quorum queue was deleted and declared
 * again at once (3.10.8): the queue takes the consumer for its own, and what it hands to it never arrives. There may be other
 * ways; what they have in common is that messages wait, the consumer has room, and none comes.
 */
export class Deafness {
  readonly #watched: Watched;
  #patience = firstPatience;
  #arrived = 0;

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  /** A message came. */
  heard(): void {
    this.#arrived += 1;
    this.#patience = firstPatience;
  }

  /** @returns ends the watch */
  watch(onDeaf: (why: "deaf" | "idle") => void): () => void {
    let seen = this.#arrived;
    let idleSince = Date.now();
    let waitingSince: number | undefined;
    let looking = false;
    const look = async (): Promise<void> => {
      const now = Date.now();
      if (seen !== this.#arrived || !this.#watched.isFree()) {
        seen = this.#arrived;
        idleSince = now;
        waitingSince = undefined;
        return;
      }
      const status = await this.#watched.inspect();
      if (seen !== this.#arrived) return;
      if (status?.ready === 0) {
        waitingSince = undefined;
        if (now - idleSince < renewEvery) return;
        await this.#watched.restore();
        if (seen === this.#arrived) onDeaf("idle");
        return;
      }
      waitingSince ??= now;
      if (now - waitingSince < this.#patience) return;
      this.#patience = Math.min(2 * this.#patience, longestPatience);
      waitingSince = undefined;
      await this.#watched.restore();
      if (seen === this.#arrived) onDeaf("deaf");
    };
    const timer = every(lookEvery, () => {
      if (looking) return;
      looking = true;
      // What can't be known now is asked again.
      look()
        .catch(() => {})
        .finally(() => {
          looking = false;
        });
    });
    return () => timer.cancel();
  }
}
