/**
 * Notices when the event loop was blocked, by a timer that comes late. Costs a few timer calls a minute, and doesn't keep the
 * process alive.
 */
export class LoopWatch {
  readonly #interval: number;
  readonly #keep: number;
  readonly #timer: NodeJS.Timeout;
  #tickedAt = performance.now();
  #longest = { length: 0, endedAt: Number.NEGATIVE_INFINITY };

  /**
   * @param interval milliseconds between two looks: what is much shorter isn't noticed
   * @param keep milliseconds that a block is remembered
   */
  constructor(interval: number, keep: number) {
    this.#interval = interval;
    this.#keep = keep;
    this.#timer = setInterval(() => this.#tick(), interval).unref();
  }

  /** Milliseconds of the longest block of late, that of this very moment included. */
  longest(): number {
    this.#tick();
    return performance.now() - this.#longest.endedAt > this.#keep ? 0 : this.#longest.length;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const now = performance.now();
    const length = now - this.#tickedAt - this.#interval;
    this.#tickedAt = now;
    const isOld = now - this.#longest.endedAt > this.#keep;
    if (length > (isOld ? 0 : this.#longest.length)) this.#longest = { length, endedAt: now };
  }
}
