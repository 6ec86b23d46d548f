import { longestDuration } from "../../contract/index.ts";
import type { Logger } from "../../logging/index.ts";
import { mostRevocations } from "../../outgoing/index.ts";

/** Ids of tasks that must not be started. */
export class Revocations {
  readonly #until = new Map<string, number>();
  readonly #log: Logger;
  #overflowed = false;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** @param until epoch milliseconds; 180 days at most, after which nothing can run that was sent before */
  add(id: string, now: number, until: number = Number.POSITIVE_INFINITY): void {
    if (until <= now) return;
    this.#until.delete(id);
    this.#until.set(id, Math.min(until, now + longestDuration));
    if (this.#until.size <= mostRevocations) return;
    // A Map keeps insertion order, so the oldest revocation is the first.
    const [oldest] = this.#until.keys();
    if (oldest !== undefined) this.#until.delete(oldest);
    if (this.#overflowed) return;
    this.#overflowed = true;
    this.#log.warn(
      { remembered: mostRevocations },
      "too many revocations to remember: the oldest are forgotten, and their tasks may run",
    );
  }

  has(id: string, now: number): boolean {
    const until = this.#until.get(id);
    if (until === undefined) return false;
    if (until > now) return true;
    this.#until.delete(id);
    return false;
  }
}
