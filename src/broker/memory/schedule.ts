import TinyQueue from "tinyqueue";

/** setTimeout holds 31 bits of milliseconds; a longer wait is armed again when it fires. */
const longestTimeout = 0x7fffffff;

interface Item {
  readonly due: number;
  readonly position: number;
  /** Undefined when cancelled: the item stays in the heap until its time, its closure doesn't. */
  run: (() => void) | undefined;
}

export interface Scheduled {
  cancel(): void;
}

/**
 * Does things later, on one timer, in the order of their time and then of their scheduling.
 *
 * The timer is unreferenced: a delayed message or an expiring queue doesn't keep a finished program alive,
 * as neither would when RabbitMQ held it. While a worker consumes, its consumer keeps the process alive, and
 * so nothing that it could receive is lost. The clock is the monotonic one, and the global timers are used, so
 * a test can fake both.
 */
export class Schedule {
  readonly #items = new TinyQueue<Item>([], (a, b) => a.due - b.due || a.position - b.position);
  #position = 0;
  #timer: NodeJS.Timeout | undefined;
  #armedFor = Number.POSITIVE_INFINITY;

  /** @param delay milliseconds from now */
  in(delay: number, run: () => void): Scheduled {
    const item: Item = { due: performance.now() + delay, position: this.#position, run };
    this.#position += 1;
    this.#items.push(item);
    if (item.due < this.#armedFor) this.#arm(item.due);
    return {
      cancel: () => {
        item.run = undefined;
      },
    };
  }

  /** Forgets everything that is scheduled. */
  clear(): void {
    while (this.#items.pop() !== undefined);
    this.#disarm();
  }

  #arm(due: number): void {
    this.#disarm();
    this.#armedFor = due;
    const wait = Math.min(Math.max(Math.ceil(due - performance.now()), 0), longestTimeout);
    this.#timer = setTimeout(() => this.#fire(), wait).unref();
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#armedFor = Number.POSITIVE_INFINITY;
  }

  #fire(): void {
    this.#disarm();
    const now = performance.now();
    for (let item = this.#items.peek(); item !== undefined; item = this.#items.peek()) {
      // n.b. a timer of Node may fire up to a millisecond early; what isn't due yet is armed again.
      if (item.run !== undefined && item.due > now) {
        this.#arm(item.due);
        return;
      }
      this.#items.pop();
      item.run?.();
    }
  }
}
