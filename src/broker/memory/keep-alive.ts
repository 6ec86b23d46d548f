import { clearInterval, setInterval } from "node:timers";

/**
 * Holds the process open while anyone consumes, as the socket of a RabbitMQ connection would: else a program
 * that only waits for tasks would end at once. Timers are imported, not global, since a test that fakes the
 * global ones fakes time, and this isn't about time.
 */
export class KeepAlive {
  #users = 0;
  #handle: NodeJS.Timeout | undefined;

  retain(): void {
    this.#users += 1;
    this.#handle ??= setInterval(() => {}, 0x7fffffff);
  }

  release(): void {
    this.#users -= 1;
    if (this.#users > 0) return;
    clearInterval(this.#handle);
    this.#handle = undefined;
  }
}
