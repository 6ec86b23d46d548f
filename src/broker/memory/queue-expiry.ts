import type { Schedule, Scheduled } from "./schedule.ts";

/** Deletes a queue that nobody used for a while (RabbitMQ's `x-expires`). Publishing to it is not using it. */
export class QueueExpiry {
  readonly #schedule: Schedule;
  readonly #delay: number;
  readonly #onExpired: () => void;
  #scheduled: Scheduled | undefined;

  /** @param delay milliseconds */
  constructor(schedule: Schedule, delay: number, onExpired: () => void) {
    this.#schedule = schedule;
    this.#delay = delay;
    this.#onExpired = onExpired;
  }

  /** From now on it is unused; counts from the beginning. */
  start(): void {
    this.stop();
    this.#scheduled = this.#schedule.in(this.#delay, this.#onExpired);
  }

  stop(): void {
    this.#scheduled?.cancel();
    this.#scheduled = undefined;
  }
}
