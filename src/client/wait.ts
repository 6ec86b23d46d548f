import { milliseconds } from "../contract/index.ts";
import { LigatureError } from "../errors/index.ts";
import {
  deferred,
  inWords,
  onAbort,
  unlessAborted,
  within,
  type Deadlines,
  type Deferred,
  type Expiring,
} from "../timing/index.ts";
import type { QueueStatus } from "../broker/index.ts";
import { currentRequest } from "../outgoing/index.ts";
import { entryQueue } from "../protocol/index.ts";
import type { TaskRef } from "../signature/index.ts";
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
  readonly #forget: (() => void) | undefined;
  readonly #deadlines: Deadlines;
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
    this.#forget = signal === undefined ? undefined : onAbort(signal, () => this.#onAbort());
  }

  get promise(): Promise<void> {
    return this.#deferred.promise;
  }

  resolve(): void {
    this.#deferred.resolve();
  }

  expire(): void {
    this.#deferred.reject(timedOutWait(this.#waited, this.#at - this.#since, this.#heldBack));
  }

  /** Takes the deadline and the listener away, however the wait ended. */
  cleanup(): void {
    this.#deadlines.remove(this, this.#at);
    this.#forget?.();
  }

  #onAbort(): void {
    this.#deferred.reject(abortedWait(this.#waited, this.#signal));
  }
}

/** @param heldBack the task whose own deadline ended the wait */
export function timedOutWait({ taskName, id }: Waited, waitedMs: number, heldBack: string | undefined): LigatureError {
  const where = heldBack === undefined ? "" : ` where task ${heldBack}, which waits for it, is called`;
  return new LigatureError(
    "TIMED_OUT",
    `No result of ${taskName}[${id}] within ${inWords(waitedMs)}. It may still be waiting or running; give it longer with { timeout }${where}.`,
    { details: { waitedMs } },
  );
}

export function abortedWait({ taskName, id }: Waited, signal: AbortSignal | undefined): LigatureError {
  return new LigatureError(
    "ABORTED",
    `The wait for ${taskName}[${id}] was aborted; the task itself goes on unless it is revoked.`,
    { cause: signal?.reason },
  );
}

/** The queue that a task's requests wait in, unless they are sent elsewhere. */
export function waitsIn({ spec: { queue } }: TaskRef): string {
  return queue.maxLength === undefined ? queue.name : entryQueue(queue.name);
}

/** How long asking a queue may take, once a wait has ended without a result. */
const askFor = 1000;

/**
 * A wait's error, and if it has timed out what the task's queue says: longer waits are no help where no worker is.
 * Never rejects.
 */
export async function explained(
  error: unknown,
  queue: string,
  inspect: (queue: string, giveUpAt: number) => Promise<QueueStatus | undefined>,
): Promise<unknown> {
  if (!(error instanceof LigatureError) || error.code !== "TIMED_OUT") return error;
  let status: QueueStatus | undefined;
  try {
    status = await inspect(queue, Date.now() + askFor);
  } catch (reason) {
    const why = reason instanceof LigatureError ? reason.rawMessage : String(reason);
    return timedOut(error, `${error.rawMessage} The broker doesn't say how queue ${queue} is doing: ${why}`);
  }
  if (status === undefined) return timedOut(error, `${first(error)} There is no queue ${queue}: has its worker ever run?`);
  const { ready, consumers } = status;
  const what = `Queue ${queue}: ${ready} message${ready === 1 ? "" : "s"}, ${consumers === 0 ? "no" : consumers} consumer${consumers === 1 ? "" : "s"}`;
  return timedOut(
    error,
    consumers > 0 ? `${error.rawMessage} ${what}.` : `${first(error)} ${what}; is its worker running?`,
    status,
  );
}

/** Without the advice to wait longer. */
function first({ rawMessage }: LigatureError): string {
  return rawMessage.replace(/ It may still be .*$/s, "");
}

function timedOut(error: LigatureError, message: string, status?: QueueStatus): LigatureError {
  return new LigatureError("TIMED_OUT", message, {
    cause: error,
    details: { ...error.details, ...(status !== undefined && { messages: status.ready, consumers: status.consumers }) },
  });
}

/**
 * The end that a caller sets to something else than a result: sending, keeping, asking. The deadline of a request that the
 * caller runs in ends nothing here: its handler may have to tidy up.
 */
export function withinWait<T>(promise: Promise<T>, { timeout, signal }: WaitOptions, what: string): Promise<T> {
  const at = timeout === undefined ? undefined : Date.now() + milliseconds(timeout, "timeout");
  const inTime = within(promise, at, () => new LigatureError("TIMED_OUT", `${what}: not done in time.`));
  return unlessAborted(
    inTime,
    signal,
    () => new LigatureError("ABORTED", `${what}: the caller's signal ended the wait.`, { cause: signal?.reason }),
  );
}
