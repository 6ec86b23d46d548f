import { retryDelay, type CompiledRetryPolicy, type TaskSpec } from "../../contract/index.ts";
import { isDeclaredError, LigatureError, TaskError } from "../../errors/index.ts";
import { expiredBetweenRuns, legible, type Packed, type TaskMessage } from "../../protocol/index.ts";
import { RetrySignal } from "./request-context.ts";

/** How a request's run ended, before anything was told to anybody. */
export type Ending =
  | { readonly kind: "success"; readonly value: unknown; readonly packed: Packed }
  /** With the moment at which it expired, if that is why there is no other run. */
  | { readonly kind: "failure"; readonly error: unknown; readonly expired?: Date | undefined }
  | { readonly kind: "retry"; readonly error: unknown; readonly delay: number }
  | { readonly kind: "revoked"; readonly error: LigatureError }
  /** The worker is shutting down; the request, which isn't acknowledged yet, goes back to the queue. */
  | { readonly kind: "returned" }
  /** What ran its handler is gone, and the worker isn't. */
  | { readonly kind: "lost"; readonly error: HandlerLost };

/** The thread or process that ran a handler has ended, of itself or since it was ended. */
export class HandlerLost extends Error {
  override readonly name = "HandlerLost";
}

/**
 * What a handler has thrown, as an error of its own task. A code speaks of the request that it was raised for. What a handler
 * lets through of a call that it made (REVOKED, EXPIRED, …) is a failure of its own task like any other.
 * @param abortReason why the handler was told to stop, which it may throw
 */
export function ownError(thrown: unknown, abortReason: LigatureError | undefined): unknown {
  const error = legible(thrown);
  if (!(error instanceof LigatureError) || error instanceof TaskError || error === abortReason) return error;
  return new TaskError({ name: error.name, message: error.message, cause: error, remoteStack: error.stack });
}

/** Milliseconds until a retry that the handler asked for, where neither it nor the contract says when. */
const retryPause = 1000;

/**
 * What a run that threw came to.
 * @param abortReason why the handler was told to stop, if it was
 * @param misuse what a method of the context has thrown that was called wrongly: it would be again
 * @param acknowledged the broker doesn't have the request any more, so that it can't go back
 */
export function endingOf(
  thrown: unknown,
  {
    message,
    asked,
    abortReason,
    misuse,
    acknowledged,
    now,
  }: {
    readonly message: TaskMessage;
    /** What is said of retries; the worker goes before. */
    readonly asked: { readonly contract: TaskSpec["retry"]; readonly worker: WorkerRetry | undefined };
    readonly abortReason: LigatureError | undefined;
    readonly misuse: LigatureError | undefined;
    readonly acknowledged: boolean;
    readonly now: number;
  },
): Ending {
  if (abortReason?.code === "REVOKED") return { kind: "revoked", error: abortReason };
  if (abortReason?.code === "CLOSED") {
    return acknowledged ? { kind: "failure", error: stopped(message, abortReason) } : { kind: "returned" };
  }
  const filter = asked.worker ?? undefined;
  const retry = asked.worker === null ? undefined : (asked.worker ?? asked.contract);
  const { retries } = message;
  const error = legible(thrown);
  if (error instanceof HandlerLost) {
    return acknowledged ? { kind: "failure", error: lostEarly(message, error) } : { kind: "lost", error };
  }
  if (error instanceof RetrySignal) {
    const { countdown, limit = retry?.limit ?? 3 } = error.options;
    const cause = legible(error.options.cause);
    if (retries >= limit) return { kind: "failure", error: cause ?? retriesExceeded(message, limit) };
    const byContract = retry === undefined ? retryPause : retryDelay(retry, retries);
    return retryIn(countdown ?? byContract, cause ?? error, message, now);
  }
  if (misuse !== undefined && error instanceof TaskError && error.cause === misuse) return { kind: "failure", error };
  // A declared error is an answer; time limits and contract violations would only repeat themselves.
  const retryable = isDeclaredError(error) ? retry?.on.includes(error.name) : !isFinal(error);
  const isChosen = filter?.only === undefined ? retryable === true : !isFinal(error) && isAmong(error, filter.only);
  const isSpared = filter?.never !== undefined && isAmong(error, filter.never);
  if (retry !== undefined && isChosen && !isSpared && retries < retry.limit) {
    return retryIn(retryDelay(retry, retries), error, message, now);
  }
  return { kind: "failure", error };
}

/** A worker's own retries; null: none. */
export type WorkerRetry = (CompiledRetryPolicy & RetryFilter) | null;

/** Errors by their classes, or by their names. */
interface RetryFilter {
  readonly only: readonly (string | (abstract new (...args: never[]) => Error))[] | undefined;
  readonly never: RetryFilter["only"];
}

function isAmong(error: unknown, filters: NonNullable<RetryFilter["only"]>): boolean {
  // What a handler lets through of Ligature's own is wrapped.
  const all = error instanceof TaskError && error.cause !== undefined ? [error, error.cause] : [error];
  return filters.some((filter) =>
    all.some((each) => (typeof filter === "string" ? each instanceof Error && each.name === filter : each instanceof filter)),
  );
}

/** Not where the request expires, or its caller stops waiting, before it could run again. */
function retryIn(delay: number, error: unknown, message: TaskMessage, now: number): Ending {
  const expiry = expiryOf(message);
  if (expiry === undefined || expiry.getTime() >= now + delay) return { kind: "retry", error, delay };
  const last = error instanceof RetrySignal ? expiredBetweenRuns(message, message.retries + 1, expiry) : error;
  return { kind: "failure", error: last, expired: expiry };
}

/** After this moment no worker starts it: its own expiry, or its caller's deadline if that is sooner. */
export function expiryOf({ expires, deadline }: TaskMessage): Date | undefined {
  if (deadline === undefined) return expires;
  return expires !== undefined && expires.getTime() <= deadline ? expires : new Date(deadline);
}

/** What an acknowledged request has failed with whose worker stopped before it was done. */
export function stopped({ task, id }: TaskMessage, cause?: LigatureError): LigatureError {
  return new LigatureError(
    "WORKER_LOST",
    `${task}[${id}] was stopped with its worker. It was acknowledged before it ran (ack: "early"), so it won't run again.`,
    cause === undefined ? {} : { cause },
  );
}

function lostEarly({ task, id }: TaskMessage, cause: HandlerLost): LigatureError {
  return new LigatureError(
    "WORKER_LOST",
    `${task}[${id}]: ${cause.message} The request was acknowledged before it ran (ack: "early"), so it won't run again.`,
    { cause },
  );
}

function isFinal(error: unknown): boolean {
  if (!(error instanceof LigatureError)) return false;
  const { code } = error;
  return code === "TIME_LIMIT" || code === "INVALID_RESULT" || code === "INVALID_OPTION" || code === "UNREADABLE";
}

function retriesExceeded(message: TaskMessage, limit: number): TaskError {
  return new TaskError({
    name: "MaxRetriesExceededError",
    message: `Can't retry ${message.task}[${message.id}]: it was tried ${message.retries + 1} times, its limit is ${limit} retries.`,
    module: "celery.exceptions",
  });
}
