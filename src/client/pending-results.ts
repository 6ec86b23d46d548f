import { LigatureError } from "../errors/index.ts";
import { inWords } from "../timing/index.ts";

/** One that is awaited. */
export interface PendingResult {
  readonly id: string;
  readonly taskName: string;
  /** When it was sent, epoch milliseconds. */
  readonly since: number;
  /** Begins to listen. */
  watch(): void;
  /** Ends it without a result. */
  fail(error: LigatureError): void;
}

/** The results that an app awaits, so many at most. */
export class PendingResults {
  readonly #maxPending: number;
  readonly #expires: number;
  readonly #pending = new Set<PendingResult>();

  /** @param options.expires milliseconds that results are kept anywhere */
  constructor(options: { readonly maxPending: number; readonly expires: number }) {
    this.#maxPending = options.maxPending;
    this.#expires = options.expires;
  }

  /**
   * Begins to listen for all of these, or for none.
   * @throws LigatureError `NOT_SENT` when they would be too many
   */
  watch(results: readonly PendingResult[]): void {
    if (!this.#hasRoom(results.length)) this.#forgetExpired();
    if (!this.#hasRoom(results.length)) {
      const more = results.length === 1 ? "" : `, and this would await ${results.length} more`;
      throw new LigatureError(
        "NOT_SENT",
        `${this.#pending.size} results are pending already${more}; option maxPending allows ${this.#maxPending}. Await some, or send with { ignoreResult: true }.`,
      );
    }
    for (const result of results) {
      this.#pending.add(result);
      result.watch();
    }
  }

  delete(result: PendingResult): void {
    this.#pending.delete(result);
  }

  /** Ends every one. */
  fail(error: LigatureError): void {
    for (const result of [...this.#pending]) result.fail(error);
  }

  #hasRoom(more: number): boolean {
    return this.#pending.size + more <= this.#maxPending;
  }

  /** A result that hasn't come while results are kept won't come: its worker never answered, or the broker dropped the task. */
  #forgetExpired(): void {
    const oldest = Date.now() - this.#expires;
    // In the order of sending, so the first that is young enough ends the search.
    for (const result of this.#pending) {
      if (result.since > oldest) return;
      result.fail(
        new LigatureError(
          "TIMED_OUT",
          `No result of ${result.taskName}[${result.id}] within ${inWords(this.#expires)} (option resultExpires).`,
        ),
      );
    }
  }
}
