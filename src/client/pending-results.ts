import { LigatureError } from "../errors/index.ts";
import { inWords } from "../timing/index.ts";
import type { ResultHandle } from "./result-handle.ts";

/** The results that an app awaits, so many at most. */
export class PendingResults {
  readonly #maxPending: number;
  readonly #expires: number;
  readonly #pending = new Set<ResultHandle>();

  /** @param options.expires milliseconds that results are kept anywhere */
  constructor(options: { readonly maxPending: number; readonly expires: number }) {
    this.#maxPending = options.maxPending;
    this.#expires = options.expires;
  }

  /**
   * Begins to listen for all of these, or for none.
   * @throws LigatureError `NOT_SENT` when they would be too many
   */
  watch(handles: readonly ResultHandle[]): void {
    if (!this.#hasRoom(handles.length)) this.#forgetExpired();
    if (!this.#hasRoom(handles.length)) {
      const more = handles.length === 1 ? "" : `, and this would await ${handles.length} more`;
      throw new LigatureError(
        "NOT_SENT",
        `${this.#pending.size} results are pending already${more}; option maxPending allows ${this.#maxPending}. Await some, or send with { ignoreResult: true }.`,
      );
    }
    for (const handle of handles) {
      this.#pending.add(handle);
      handle.watch();
    }
  }

  delete(handle: ResultHandle): void {
    this.#pending.delete(handle);
  }

  /** Ends every one. */
  fail(error: LigatureError): void {
    for (const handle of [...this.#pending]) handle.fail(error);
  }

  #hasRoom(more: number): boolean {
    return this.#pending.size + more <= this.#maxPending;
  }

  /** A result that hasn't come while results are kept won't come: its worker never answered, or the broker dropped the task. */
  #forgetExpired(): void {
    const oldest = Date.now() - this.#expires;
    // In the order of sending, so the first that is young enough ends the search.
    for (const handle of this.#pending) {
      if (handle.since > oldest) return;
      handle.fail(
        new LigatureError(
          "TIMED_OUT",
          `No result of ${handle.taskName}[${handle.id}] within ${inWords(this.#expires)} (option resultExpires).`,
        ),
      );
    }
  }
}
