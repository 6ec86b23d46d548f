import { after, type Timer } from "./timers.ts";

/** Deadlines closer together than this many milliseconds share a wake-up. */
const granularity = 10;

/** Something that ends at a time, unless it is removed before. */
export interface Expiring {
  expire(): void;
}

/**
 * Many deadlines on one timer: a timer per awaited call costs a kilobyte and a place in the event loop's
 * lists, and nearly all of them are removed before they fire. Entries are kept in buckets of 10 ms.
 */
export class Deadlines {
  readonly #buckets = new Map<number, Set<Expiring>>();
  /** Keys of the buckets, ascending. Calls with one default timeout append at the end. */
  readonly #order: number[] = [];
  #timer: Timer | undefined;
  #timerFor = Number.POSITIVE_INFINITY;
  #size = 0;

  /** @param at epoch milliseconds; infinity is never */
  add(entry: Expiring, at: number): void {
    if (at === Number.POSITIVE_INFINITY) return;
    this.#size += 1;
    const key = Math.ceil(at / granularity);
    const bucket = this.#buckets.get(key);
    if (bucket !== undefined) {
      bucket.add(entry);
      return;
    }
    this.#buckets.set(key, new Set([entry]));
    let index = this.#order.length;
    while (index > 0 && (this.#order[index - 1] as number) > key) index -= 1;
    this.#order.splice(index, 0, key);
    if (key < this.#timerFor) this.#arm(key);
  }

  /** @param at the time that it was added with */
  remove(entry: Expiring, at: number): void {
    const key = Math.ceil(at / granularity);
    const bucket = this.#buckets.get(key);
    if (bucket === undefined || !bucket.delete(entry)) return;
    this.#size -= 1;
    // An emptied bucket stays until its time, or until nothing is left at all and the timer can stop.
    if (this.#size > 0) return;
    this.#buckets.clear();
    this.#order.length = 0;
    this.#disarm();
  }

  #arm(key: number): void {
    this.#disarm();
    this.#timerFor = key;
    this.#timer = after(Math.max(key * granularity - Date.now(), 0), () => this.#fire());
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#timerFor = Number.POSITIVE_INFINITY;
  }

  #fire(): void {
    const now = Date.now() / granularity;
    const due = this.#order.findIndex((key) => key > now);
    const keys = this.#order.splice(0, due === -1 ? this.#order.length : due);
    const expired = keys.flatMap((key) => {
      const bucket = this.#buckets.get(key);
      this.#buckets.delete(key);
      return bucket === undefined ? [] : [...bucket];
    });
    this.#size -= expired.length;
    this.#disarm();
    const next = this.#order[0];
    if (next !== undefined) this.#arm(next);
    for (const entry of expired) entry.expire();
  }
}
