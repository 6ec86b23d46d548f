import TinyQueue from "tinyqueue";
import { after, type Timer } from "../../timing/index.ts";

interface Item {
  readonly due: number;
  readonly position: number;
  readonly timer: Timer;
  /** Undefined when cancelled: the item stays in the heap until its time, its closure doesn't. */
  run: (() => void) | undefined;
}

export interface Scheduled {
  cancel(): void;
}

/**
 * Does things later, in the order of their time and then of their scheduling.
 *
 * Each has a timer of its own, and the timer is believed: a test may fake the global timers and leave the clock alone, and
 * a fake timer that is made while another one fires may count from later than that one. The clock is for the order only.
 *
 * The timers are unreferenced: a delayed message or an expiring queue doesn't keep a finished program alive, as neither
 * would when RabbitMQ held it. While a worker consumes, its consumer keeps the process alive, and so nothing that it could
 * receive is lost.
 */
export class Schedule {
  readonly #items = new TinyQueue<Item>([], (a, b) => a.due - b.due || a.position - b.position);
  #position = 0;

  /** @param delay milliseconds from now */
  in(delay: number, run: () => void): Scheduled {
    const due = performance.now() + delay;
    // n.b. a timer of Node may fire up to a millisecond early.
    const fire = (): void => void (isJustEarly(due) ? after(1, () => this.#fire(item), { ref: false }) : this.#fire(item));
    const item: Item = { due, position: this.#position, run, timer: after(Math.ceil(delay), fire, { ref: false }) };
    this.#position += 1;
    this.#items.push(item);
    return {
      cancel: () => {
        item.run = undefined;
        item.timer.cancel();
      },
    };
  }

  /** Forgets everything that is scheduled. */
  clear(): void {
    for (let item = this.#items.pop(); item !== undefined; item = this.#items.pop()) {
      item.run = undefined;
      item.timer.cancel();
    }
  }

  /** This one's time has come, and so has that of all that are due before it. */
  #fire({ due, position }: Item): void {
    for (let item = this.#items.peek(); item !== undefined; item = this.#items.peek()) {
      if (item.due > due || (item.due === due && item.position > position)) return;
      this.#items.pop();
      const { run } = item;
      item.run = undefined;
      item.timer.cancel();
      run?.();
    }
  }
}

function isJustEarly(due: number): boolean {
  const early = due - performance.now();
  return early > 0 && early <= 1;
}
