import { patience } from "./patience.ts";

/** Where callbacks put what they are called with, and tests wait for it. */
export class Inbox<T> {
  readonly #unread: T[] = [];
  readonly #readers: ((item: T) => void)[] = [];

  /** The callback; usable without the object. */
  readonly put = (item: T): void => {
    const reader = this.#readers.shift();
    if (reader === undefined) this.#unread.push(item);
    else reader(item);
  };

  /** How many have arrived that nobody took yet. */
  get unread(): number {
    return this.#unread.length;
  }

  /** The next one. @param wait milliseconds */
  next(wait: number = patience): Promise<T> {
    if (this.#unread.length > 0) return Promise.resolve(this.#unread.shift() as T);
    return new Promise((resolve, reject) => {
      const reader = (item: T): void => {
        clearTimeout(timer);
        resolve(item);
      };
      const timer = setTimeout(() => {
        this.#readers.splice(this.#readers.indexOf(reader), 1);
        reject(new Error(`Nothing arrived within ${wait} ms.`));
      }, wait);
      this.#readers.push(reader);
    });
  }

  /** The next `count`. */
  async take(count: number, wait: number = patience): Promise<T[]> {
    const items: T[] = [];
    while (items.length < count) items.push(await this.next(wait));
    return items;
  }
}
