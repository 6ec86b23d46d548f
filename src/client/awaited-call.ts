import type { Watch } from "../backend/index.ts";
import type { LigatureError } from "../errors/index.ts";
import { isFinal, type StoredResult } from "../protocol/index.ts";
import { currentRequest } from "../outgoing/index.ts";
import type { KnownTask } from "../signature/index.ts";
import { onAbort, type Expiring } from "../timing/index.ts";
import { resultValue } from "./outcome.ts";
import type { PendingResult } from "./pending-results.ts";
import type { ResultEnvironment } from "./result-handle.ts";
import { abortedWait, explained, timedOutWait, waitsIn } from "./wait.ts";

/**
 * A call whose caller has nothing but a promise of its value. A busy program has tens of thousands of these: so it is one object, and no part of the call's code is held while it waits. It is over with the first of: the final result, the
 * deadline, the caller's signal, `fail()`.
 *
 * n.b. a result may come before the broker has confirmed the request, which it proves.
 */
export class AwaitedCall implements Expiring, PendingResult {
  readonly id: string;
  /** When it was sent, epoch milliseconds. */
  readonly since: number = Date.now();
  readonly #known: KnownTask;
  readonly #env: ResultEnvironment;
  /** Where it was sent, if not to the task's own queue. */
  readonly #queue: string | undefined;
  /** Undefined once it is over. */
  #resolve: ((value: unknown) => void) | undefined;
  #watch: Watch | undefined;
  #at = 0;
  /** The task that waits, if its own deadline is what ends the wait. */
  #heldBack: string | undefined;
  #forgetSignal: (() => void) | undefined;
  /** Of the request that makes the call: told once the broker has it. */
  #sent: ((ids: readonly string[]) => void) | undefined = currentRequest()?.sent;

  /** @param resolve of the caller's promise: with a value, or with a promise that fails */
  constructor(
    id: string,
    known: KnownTask,
    env: ResultEnvironment,
    queue: string | undefined,
    resolve: (value: unknown) => void,
  ) {
    this.id = id;
    this.#known = known;
    this.#env = env;
    this.#queue = queue;
    this.#resolve = resolve;
  }

  get taskName(): string {
    return this.#known.task.spec.name;
  }

  /** Begins to listen; before the request is sent, so that no result can come too early. */
  watch(): void {
    const watch = this.#env.backend.watch(this.id, this);
    if (this.#resolve === undefined) watch.close();
    else this.#watch = watch;
  }

  /** The broker has it. */
  confirmed(): void {
    this.#sent?.([this.id]);
    this.#sent = undefined;
  }

  /** From now on a deadline and a signal end it. @param at epoch milliseconds */
  limit(at: number, signal: AbortSignal | undefined): void {
    if (this.#resolve === undefined) return;
    const request = currentRequest();
    if (request?.deadline === at) this.#heldBack = request.id;
    this.#at = at;
    this.#env.deadlines.add(this, at);
    if (signal === undefined) return;
    const abort = (): void => this.fail(abortedWait(this, signal));
    if (signal.aborted) abort();
    else this.#forgetSignal = onAbort(signal, abort);
  }

  expire(): void {
    const error = timedOutWait(this, this.#at - this.since, this.#heldBack);
    const { inspect } = this.#env;
    this.#end(explained(error, this.#queue ?? waitsIn(this.#known.task), inspect).then(rethrow));
  }

  fail(error: LigatureError): void {
    // n.b. the promise is made only where somebody hears of it.
    if (this.#resolve !== undefined) this.#end(Promise.reject(error));
  }

  /** For its watch. */
  onResult(result: StoredResult): void {
    if (this.#resolve === undefined || !isFinal(result.status)) return;
    this.confirmed();
    let value: unknown;
    try {
      value = resultValue(result, this.#known);
    } catch (error) {
      value = Promise.reject(error);
    }
    this.#end(value);
  }

  #end(value: unknown): void {
    const resolve = this.#resolve;
    this.#resolve = undefined;
    this.#watch?.close();
    this.#watch = undefined;
    if (this.#at !== 0) this.#env.deadlines.remove(this, this.#at);
    this.#forgetSignal?.();
    this.#env.onSettled(this);
    resolve?.(value);
  }
}

function rethrow(error: unknown): never {
  throw error;
}
