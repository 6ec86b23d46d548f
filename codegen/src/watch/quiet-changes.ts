import { setTimeout as delay } from "node:timers/promises";

/** How long it has to be quiet before a change counts as complete: editors and compilers write in several steps. */
const quietMs = 30;
/** After this long, what has changed so far is enough. */
const longestMs = 500;

/** Gathers events into rounds: however many there are while a round runs, one more round follows. */
export class Changes {
  #pending = false;
  #last = 0;
  #wake: (() => void) | undefined;

  readonly note = (): void => {
    this.#pending = true;
    this.#last = performance.now();
    this.#wake?.();
  };

  /** Resolves when something has changed since the last call, and it is quiet; also when the signal aborts. */
  async next(signal: AbortSignal): Promise<void> {
    if (!this.#pending && !signal.aborted) await this.#noted(signal);
    const first = performance.now();
    while (!signal.aborted) {
      const now = performance.now();
      const left = Math.min(this.#last + quietMs, first + longestMs) - now;
      if (left <= 0) break;
      await delay(left, undefined, { signal }).catch(() => undefined);
    }
    this.#pending = false;
  }

  #noted(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#wake = undefined;
        signal.removeEventListener("abort", done);
        resolve();
      };
      this.#wake = done;
      signal.addEventListener("abort", done, { once: true });
    });
  }
}
