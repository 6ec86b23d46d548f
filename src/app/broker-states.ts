import type { BrokerState } from "../broker/index.ts";
import { LigatureError } from "../errors/index.ts";
import type { Logger } from "../logging/index.ts";

/** How an app's broker does, and who wants to know. */
export class BrokerStates {
  readonly #log: Logger;
  readonly #listeners = new Set<(state: BrokerState) => void>();
  #latest: BrokerState = { state: "connecting" };

  constructor(log: Logger) {
    this.#log = log;
  }

  get latest(): BrokerState {
    return this.#latest;
  }

  /** @throws LigatureError `INVALID_OPTION` */
  listen(listener: (state: BrokerState) => void): () => void {
    if (typeof listener !== "function")
      throw new LigatureError("INVALID_OPTION", "onBrokerState() takes a function that is called with each state.");
    // One of its own, so that a function which is given twice can be taken back once.
    const told = (state: BrokerState): void => listener(state);
    this.#listeners.add(told);
    return () => void this.#listeners.delete(told);
  }

  enter(state: BrokerState): void {
    this.#latest = state;
    for (const listener of [...this.#listeners]) {
      try {
        listener(state);
      } catch (error) {
        this.#log.error({ err: error }, "a listener of onBrokerState() threw");
      }
    }
  }
}
