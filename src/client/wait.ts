import { milliseconds } from "../contract/index.ts";
import { LigatureError } from "../errors/index.ts";
import { deferred, onAbort, type Deadlines, type Deferred, type Expiring } from "../timing/index.ts";
import { currentRequest } from "../outgoing/index.ts";
import type { WaitOptions } from "./async-result.ts";

/**
 * Until when to wait, in epoch milliseconds: for `timeout`, or, within a handler, until the deadline of its request if that is
 * sooner. Nobody wants its answer after that, and the slot that it holds may be the one that the awaited task needs.
 * @throws LigatureError `INVALID_OPTION`
 */
export function endOfWait(options: WaitOptions): number {
  if (typeof options !== "object" || options === null) {
    throw new LigatureError(
      "INVALID_OPTION",
      `Waiting for a result takes options such as { timeout: "45m" }, got ${String(options)}.`,
    );
  }
  const { timeout } = options;
  const own = timeout === undefined ? Number.POSITIVE_INFINITY : Date.now() + milliseconds(timeout, "timeout");
  return Math.min(own, currentRequest()?.deadline ?? own);
}

interface Waited {
  readonly id: string;
  readonly taskName: string;
}

/** One wait for one result: ends with it, with a deadline, or with the caller's signal, whichever is first. */
export class Waiter implements Expiring {
  readonly #waited: Waited;
  readonly #at: number;
  readonly #since: number = Date.now();
  readonly #signal: AbortSignal | undefined;
  readonly #deadlines: Deadlines;
  #forget: (() => void) | undefined;
  readonly #deferred: Deferred<void> = deferred();
  /** The task that waits, if its own deadline is what ends the wait. */
  readonly #heldBack: string | undefined;

  constructor(waited: Waited, at: number, signal: AbortSignal | undefined, deadlines: Deadlines) {
    this.#waited = waited;
    this.#at = at;
    this.#signal = signal;
    this.#deadlines = deadlines;
    const request = currentRequest();
    this.#heldBack = request?.deadline === at ? request.id : undefined;
    deadlines.add(this, at);
    if (signal !== undefined) this.#forget = onAbort(signal, this.#onAbort);
  }

  get promise(): Promise<void> {
    return this.#deferred.promise;
  }

  resolve(): void {
    this.#deferred.resolve();
  }

  expire(): void {
    const { taskName, id } = this.#waited;
    // To a tenth: sending, too, has taken its part of the time.
    const seconds = Math.round((this.#at - this.#since) / 100) / 10;
    const where = this.#heldBack === undefined ? "" : ` where task ${this.#heldBack}, which waits for it, is called`;
    this.#deferred.reject(
      new LigatureError(
        "TIMED_OUT",
        `No result of ${taskName}[${id}] within ${seconds} s. It may still be waiting or running; give it longer with { timeout }${where}.`,
      ),
    );
  }

  /** Takes the deadline and the listener away, however the wait ended. */
  cleanup(): void {
    this.#deadlines.remove(this, this.#at);
    this.#forget?.();
  }

  readonly #onAbort = (): void => {
    this.#deferred.reject(Waiter.aborted(this.#waited.taskName, this.#waited.id, this.#signal));
  };

  static aborted(taskName: string, id: string, signal: AbortSignal | undefined): LigatureError {
    return new LigatureError(
      "ABORTED",
      `The wait for ${taskName}[${id}] was aborted; the task itself goes on unless it is revoked.`,
      {
        cause: signal?.reason,
      },
    );
  }
}
