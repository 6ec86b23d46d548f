/** Answers for a moment what was asked last: many pages ask the same each second. A failure isn't kept. */
export class Cached<T> {
  readonly #make: () => Promise<T>;
  readonly #for: number;
  #last: { readonly at: number; readonly value: Promise<T> } | undefined;

  /** @param milliseconds for which an answer holds */
  constructor(milliseconds: number, make: () => Promise<T>) {
    this.#for = milliseconds;
    this.#make = make;
  }

  get(): Promise<T> {
    if (this.#last !== undefined && performance.now() - this.#last.at < this.#for) return this.#last.value;
    const value = this.#make();
    const last = { at: performance.now(), value };
    this.#last = last;
    value.catch(() => {
      if (this.#last === last) this.#last = undefined;
    });
    return value;
  }
}
