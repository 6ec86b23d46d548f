/**
 * Every code that a {@link LigatureError} can carry, with what a caller needs to decide what to do next.
 *
 * `ran` answers "may the handler have run?"; `retrySafe` answers "may I simply send it again?" for a task
 * that is not idempotent. docs/errors.md is held against this table by a test.
 */
export interface ErrorCodeInfo {
  /** Which side raises it. */
  readonly raisedBy: "caller" | "worker" | "both";
  /** Whether the handler may have run when this error is seen. */
  readonly ran: "no" | "maybe" | "yes";
  /** Whether sending the same request again can do no harm. */
  readonly retrySafe: boolean;
  /** What happened, in one sentence. */
  readonly summary: string;
}

/** One of the closed set of codes in {@link errorCodes}. */
export type ErrorCode =
  | "INVALID_CONTRACT"
  | "INVALID_OPTION"
  | "INVALID_ARGUMENTS"
  | "INVALID_RESULT"
  | "CONTRACT_MISMATCH"
  | "UNROUTABLE"
  | "REFUSED"
  | "QUEUE_FULL"
  | "QUEUE_MISMATCH"
  | "PAYLOAD_TOO_LARGE"
  | "UNREADABLE"
  | "NOT_SENT"
  | "PARTLY_SENT"
  | "CONNECTION_LOST"
  | "TIMED_OUT"
  | "ABORTED"
  | "REVOKED"
  | "EXPIRED"
  | "NOT_REGISTERED"
  | "TIME_LIMIT"
  | "WORKER_LOST"
  | "TASK_FAILED"
  | "STORE_MISSING"
  | "KEY_MISMATCH"
  | "CLOSED";

export const errorCodes: Readonly<Record<ErrorCode, ErrorCodeInfo>> = {
  /** A contract, a task or a queue is declared wrongly. */
  INVALID_CONTRACT: { raisedBy: "caller", ran: "no", retrySafe: false, summary: "A contract is declared wrongly." },
  /** An option of the public API has a wrong name, type or range. */
  INVALID_OPTION: {
    raisedBy: "both",
    ran: "no",
    retrySafe: false,
    summary: "An option of the API has a wrong name, type or range.",
  },
  /** The arguments do not fit the task's parameters. */
  INVALID_ARGUMENTS: {
    raisedBy: "both",
    ran: "no",
    retrySafe: false,
    summary: "The arguments do not fit the task's parameters.",
  },
  /** The handler's return value, or a received result, does not fit the contract. */
  INVALID_RESULT: {
    raisedBy: "both",
    ran: "yes",
    retrySafe: false,
    summary: "The result does not fit what the contract promises.",
  },
  /** The other side was built from another version of the contract and the payload doesn't fit ours. */
  CONTRACT_MISMATCH: {
    raisedBy: "both",
    ran: "maybe",
    retrySafe: false,
    summary: "Caller and worker hold different versions of the contract.",
  },
  /** No queue is bound where the message was sent. */
  UNROUTABLE: { raisedBy: "both", ran: "no", retrySafe: true, summary: "The broker has no queue for this message." },
  /** The broker refused the message: a queue is full, it failed internally, or the user has no permission (`details.forbidden`). */
  REFUSED: { raisedBy: "both", ran: "no", retrySafe: true, summary: "The broker refused the message." },
  /** As many requests wait as the contract's `maxLength` allows. */
  QUEUE_FULL: {
    raisedBy: "caller",
    ran: "no",
    retrySafe: true,
    summary: "As many requests wait as the queue's contract allows.",
  },
  /** The queue exists with other properties than the contract says. */
  QUEUE_MISMATCH: {
    raisedBy: "both",
    ran: "no",
    retrySafe: false,
    summary: "A queue exists with other properties than the contract says.",
  },
  /** A payload is over the configured limit. */
  PAYLOAD_TOO_LARGE: { raisedBy: "both", ran: "no", retrySafe: false, summary: "A payload is over the configured limit." },
  /** A value can't be written to, or read from, the wire. */
  UNREADABLE: { raisedBy: "both", ran: "no", retrySafe: false, summary: "A message can't be written to or read from the wire." },
  /** The broker couldn't be reached in time; what was not yet sent has been withdrawn. */
  NOT_SENT: {
    raisedBy: "caller",
    ran: "no",
    retrySafe: true,
    summary: "The broker could not be reached in time; nothing was sent.",
  },
  /** Some tasks of a group or chord were sent, the others couldn't be. */
  PARTLY_SENT: {
    raisedBy: "caller",
    ran: "maybe",
    retrySafe: false,
    summary: "Only a part of a group or chord could be sent.",
  },
  /** The connection was lost after sending and before the broker confirmed. */
  CONNECTION_LOST: {
    raisedBy: "caller",
    ran: "maybe",
    retrySafe: false,
    summary: "The connection was lost before the broker confirmed.",
  },
  /** No result came before the deadline; the task may still be running. */
  TIMED_OUT: {
    raisedBy: "caller",
    ran: "maybe",
    retrySafe: false,
    summary: "No result arrived in time; the task may still be running.",
  },
  /** The caller's own AbortSignal ended the wait. */
  ABORTED: { raisedBy: "caller", ran: "maybe", retrySafe: false, summary: "The caller stopped waiting." },
  /** The task was revoked before or while it ran. */
  REVOKED: { raisedBy: "worker", ran: "maybe", retrySafe: false, summary: "The task was revoked." },
  /** The task's expiry or its caller's deadline had passed before it could start. */
  EXPIRED: { raisedBy: "worker", ran: "no", retrySafe: true, summary: "The task expired before it could start." },
  /** The worker that got the request has no handler of that name. */
  NOT_REGISTERED: { raisedBy: "both", ran: "no", retrySafe: false, summary: "The worker has no handler for this task." },
  /** The handler ran past its hard time limit. */
  TIME_LIMIT: { raisedBy: "worker", ran: "yes", retrySafe: false, summary: "The handler ran past its hard time limit." },
  /** Workers died, or lost their connection, too often while they ran this request and nothing else. */
  WORKER_LOST: {
    raisedBy: "worker",
    ran: "maybe",
    retrySafe: false,
    summary: "Workers were lost too often while running this task.",
  },
  /** The handler threw; see {@link TaskError} and declared errors. */
  TASK_FAILED: { raisedBy: "worker", ran: "yes", retrySafe: false, summary: "The handler threw an error." },
  /** A feature needs a store, and the app has none, or one that is too old. */
  STORE_MISSING: {
    raisedBy: "both",
    ran: "no",
    retrySafe: false,
    summary: "A feature needs a store, and the app has none that it can use.",
  },
  /** A send with an idempotency key that was used for something else. */
  KEY_MISMATCH: {
    raisedBy: "caller",
    ran: "no",
    retrySafe: false,
    summary: "The idempotency key was used for other arguments or callbacks.",
  },
  /** The app, worker or broker is already closed. */
  CLOSED: { raisedBy: "both", ran: "maybe", retrySafe: false, summary: "The app is closed." },
};

/** Codes come from the wire, too, perhaps of another version. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCodes, code);
}
