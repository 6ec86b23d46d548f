import type { LigatureError } from "../../../errors/index.ts";
import { queueFull } from "../../queue-full.ts";

/**
 * Publishes to one entry that may be unconfirmed at a time. A quorum queue refuses only after it has told the publisher that it
 * is full: it takes what is on its way by then (measured on 3.10: of 300 unconfirmed ones, with a limit of 10, all 300).
 */
const widest = 32;

/** What is on its way to one entry, and what waits for that. */
export class EntryWindow<T> {
  readonly #queue: string;
  readonly #maxLength: number;
  readonly #queued = new Set<T>();
  #unconfirmed = 0;

  /** @param queue the contract's */
  constructor(queue: string, maxLength: number) {
    this.#queue = queue;
    this.#maxLength = maxLength;
  }

  /** Whether it may go on; otherwise it is queued, until {@link EntryWindow.leave} returns it. */
  enter(publish: T): boolean {
    if (this.#unconfirmed < widest) {
      this.#unconfirmed += 1;
      return true;
    }
    this.#queued.add(publish);
    return false;
  }

  /** One is settled. @returns the one that enters in its place */
  leave(publish: T): T | undefined {
    if (this.#queued.delete(publish)) return undefined;
    for (const next of this.#queued) {
      this.#queued.delete(next);
      return next;
    }
    this.#unconfirmed -= 1;
    return undefined;
  }

  full(): LigatureError {
    return queueFull(this.#queue, this.#maxLength);
  }
}
