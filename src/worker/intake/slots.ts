import type { Delivery } from "../../broker/index.ts";
import type { LigatureError } from "../../errors/index.ts";
import { settlesWithin } from "../../timing/index.ts";

/** Something that runs for one delivery and can be told to stop. */
export interface Stoppable {
  readonly id: string;
  /** Celery's stamps of the request, by name. */
  readonly stamps: ReadonlyMap<string, readonly unknown[]>;
  abort(reason: LigatureError): void;
}

/** The running of one delivery; `request` is set once its message has been read. */
export interface Slot {
  request: Stoppable | undefined;
}

/** At most `concurrency` deliveries run; what the broker hands out beyond that waits here, first come first served. */
export class Slots {
  readonly #concurrency: number;
  readonly #process: (delivery: Delivery, slot: Slot) => Promise<void>;
  readonly #running = new Map<Slot, Promise<void>>();
  readonly #waiting: Delivery[] = [];
  #state: "open" | "paused" | "closed" = "open";

  /** @param process must not reject */
  constructor(concurrency: number, process: (delivery: Delivery, slot: Slot) => Promise<void>) {
    this.#concurrency = concurrency;
    this.#process = process;
  }

  get running(): number {
    return this.#running.size;
  }

  push(delivery: Delivery): void {
    if (this.#state === "closed") delivery.requeue();
    else if (this.#state === "open" && this.#running.size < this.#concurrency) this.#run(delivery);
    else this.#waiting.push(delivery);
  }

  /** Starts nothing more, but keeps what comes: as long as we consume, whatever is returned would come again. */
  pause(): void {
    this.#state = "paused";
  }

  /** Returns what waits, and what comes from now on, to the queue. */
  close(): void {
    this.#state = "closed";
    for (const delivery of this.#waiting.splice(0)) delivery.requeue();
  }

  /** Whether everything that runs has finished within the time. */
  async finished(ms: number): Promise<boolean> {
    if (this.#running.size === 0) return true;
    return settlesWithin(Promise.all(this.#running.values()), ms);
  }

  abort(reason: LigatureError, of: (request: Stoppable) => boolean = () => true): void {
    for (const { request } of this.#running.keys()) {
      if (request !== undefined && of(request)) request.abort(reason);
    }
  }

  #run(delivery: Delivery): void {
    const slot: Slot = { request: undefined };
    const done = this.#process(delivery, slot).then(() => {
      this.#running.delete(slot);
      const next = this.#state === "open" ? this.#waiting.shift() : undefined;
      if (next !== undefined) this.#run(next);
    });
    this.#running.set(slot, done);
  }
}
