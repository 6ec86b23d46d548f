import { milliseconds, retryDelay, type TaskSpec } from "../../contract/index.ts";
import { isDeclaredError, LigatureError, TaskError } from "../../errors/index.ts";
import { legible, type Packed, type TaskMessage } from "../../protocol/index.ts";
import { RetrySignal } from "./request-context.ts";

/** How a request's run ended, before anything was told to anybody. */
export type Ending =
  | { readonly kind: "success"; readonly value: unknown; readonly packed: Packed }
  | { readonly kind: "failure"; readonly error: unknown }
  | { readonly kind: "retry"; readonly error: unknown; readonly delay: number }
  | { readonly kind: "revoked"; readonly error: LigatureError }
  /** The worker is shutting down; the request goes back to the queue. */
  | { readonly kind: "returned" };

/** Milliseconds until a retry that the handler asked for, where neither it nor the contract says when. */
const retryPause = 1000;

/** What a run that threw came to. @param abortReason why the handler was told to stop, if it was */
export function endingOf(
  thrown: unknown,
  {
    message,
    retry,
    abortReason,
  }: {
    readonly message: TaskMessage;
    readonly retry: TaskSpec["retry"];
    readonly abortReason: LigatureError | undefined;
  },
): Ending {
  if (abortReason?.code === "REVOKED") return { kind: "revoked", error: abortReason };
  if (abortReason?.code === "CLOSED") return { kind: "returned" };
  const { retries } = message;
  const error = legible(thrown);
  if (error instanceof RetrySignal) {
    const { countdown, limit = retry?.limit ?? 3 } = error.options;
    const cause = legible(error.options.cause);
    if (retries >= limit) return { kind: "failure", error: cause ?? retriesExceeded(message, limit) };
    const byContract = retry === undefined ? retryPause : retryDelay(retry, retries);
    const delay = countdown === undefined ? byContract : milliseconds(countdown, "ctx.retry(): countdown");
    return { kind: "retry", error: cause ?? error, delay };
  }
  // A declared error is an answer; time limits and contract violations would only repeat themselves.
  const retryable = isDeclaredError(error)
    ? retry?.on.includes(error.name)
    : !(error instanceof LigatureError && isFinalCode(error.code));
  if (retry !== undefined && retryable === true && retries < retry.limit) {
    return { kind: "retry", error, delay: retryDelay(retry, retries) };
  }
  return { kind: "failure", error };
}

function isFinalCode(code: LigatureError["code"]): boolean {
  return code === "TIME_LIMIT" || code === "INVALID_RESULT" || code === "INVALID_OPTION" || code === "UNREADABLE";
}

function retriesExceeded(message: TaskMessage, limit: number): TaskError {
  return new TaskError({
    name: "MaxRetriesExceededError",
    message: `Can't retry ${message.task}[${message.id}]: it was tried ${message.retries + 1} times, its limit is ${limit} retries.`,
    module: "celery.exceptions",
  });
}
