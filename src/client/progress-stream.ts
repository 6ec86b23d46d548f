import type { StoredResult } from "../protocol/index.ts";
import { deferred, type Deferred } from "../timing/index.ts";

/** Reports that are kept for a reader that is slower than the handler; then the oldest go. */
const keep = 100;

/** The progress reports of one task, for one reader. Ends when the task ends. */
export class ProgressStream implements AsyncIterable<unknown>, AsyncIterator<unknown> {
  readonly #decode: (report: StoredResult) => unknown;
  readonly #onReturn: () => void;
  #reports: StoredResult[] = [];
  #ended = false;
  #wakeUp: Deferred<void> | undefined;

  constructor(decode: (report: StoredResult) => unknown, onReturn: () => void) {
    this.#decode = decode;
    this.#onReturn = onReturn;
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown> {
    return this;
  }

  push(report: StoredResult): void {
    if (this.#reports.length === keep) this.#reports.shift();
    this.#reports.push(report);
    this.#wakeUp?.resolve();
  }

  end(): void {
    this.#ended = true;
    this.#wakeUp?.resolve();
  }

  async next(): Promise<IteratorResult<unknown>> {
    for (;;) {
      const report = this.#reports.shift();
      if (report !== undefined) return { done: false, value: this.#decode(report) };
      if (this.#ended) return { done: true, value: undefined };
      this.#wakeUp = deferred();
      await this.#wakeUp.promise;
    }
  }

  return(): Promise<IteratorResult<unknown>> {
    this.#reports = [];
    this.end();
    this.#onReturn();
    return Promise.resolve({ done: true, value: undefined });
  }
}
