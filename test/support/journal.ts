import { patience } from "./patience.ts";

/**
 * Where handlers write what they saw and tests wait for it, and where tests give orders that handlers wait
 * for. Both sides are events, so no test sleeps.
 */
export class Journal {
  readonly #entries = new Map<string, unknown[]>();
  readonly #readers = new Map<string, (() => void)[]>();
  readonly #orders = new Map<string, string>();
  readonly #waiting = new Map<string, (order: string) => void>();
  #released = false;

  write(key: string, value: unknown): void {
    const entries = this.#entries.get(key) ?? [];
    entries.push(value);
    this.#entries.set(key, entries);
    for (const wake of this.#readers.get(key)?.splice(0) ?? []) wake();
  }

  /** Everything written under a key so far. */
  all(key: string): readonly unknown[] {
    return this.#entries.get(key) ?? [];
  }

  /** Waits for the entry with this index. */
  async entry<T = unknown>(key: string, index = 0): Promise<T> {
    const deadline = Date.now() + patience;
    for (;;) {
      const entries = this.#entries.get(key) ?? [];
      if (entries.length > index) return entries[index] as T;
      await this.#written(key, deadline - Date.now());
    }
  }

  #written(key: string, ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`Nothing more was written under "${key}"; it has ${this.all(key).length}.`)),
        Math.max(ms, 0),
      );
      const readers = this.#readers.get(key) ?? [];
      readers.push(() => {
        clearTimeout(timer);
        resolve();
      });
      this.#readers.set(key, readers);
    });
  }

  /** A handler waits for an order. */
  order(key: string, signal?: AbortSignal): Promise<string> {
    const given = this.#released ? "finish" : this.#orders.get(key);
    if (given !== undefined) return Promise.resolve(given);
    return new Promise((resolve, reject) => {
      this.#waiting.set(key, resolve);
      const stop = (): void => reject(signal?.reason instanceof Error ? signal.reason : new Error("aborted"));
      signal?.addEventListener("abort", stop, { once: true });
      if (signal?.aborted === true) stop();
    });
  }

  /** A test gives one. */
  give(key: string, order: "continue" | "finish"): void {
    this.#orders.set(key, order);
    this.#waiting.get(key)?.(order);
  }

  /** Lets every handler go on, so that a system can drain. */
  release(): void {
    this.#released = true;
    for (const resolve of this.#waiting.values()) resolve("finish");
  }
}
