import type { Duration } from "../contract/index.ts";
import type { TaskState } from "../protocol/index.ts";
import type { DeclaredError, LigatureError, TaskError } from "../errors/index.ts";

export type { TaskState };

/** Any of a task's declared errors; `instanceof contract.errors.Name` narrows to one. */
export type DeclaredErrorOf<Errors> = {
  readonly [Name in keyof Errors & string]: DeclaredError<Name, Errors[Name]>;
}[keyof Errors & string];

/** How a task ended, as a value: no throwing, typed by the contract's `errors`. */
export type Outcome<Result, Errors = {}> =
  | { readonly ok: true; readonly value: Result }
  | { readonly ok: false; readonly error: DeclaredErrorOf<Errors> | TaskError | LigatureError };

export interface WaitOptions {
  /** How long to wait for the result. @default no limit */
  readonly timeout?: Duration;
  /** Ends the wait; the task goes on, see {@link AsyncResult.revoke}. */
  readonly signal?: AbortSignal;
}

export interface RevokeOptions {
  /** Also abort `ctx.signal` if the handler is running already. @default false */
  readonly terminate?: boolean;
}

/** A task that was sent: wait for its result, watch it, or call it off. */
export interface AsyncResult<out Result, out Errors = {}, out Progress = never> {
  /** The task's id, as Celery and every log show it. */
  readonly id: string;
  readonly taskName: string;
  /**
   * Waits for the result.
   * @throws the declared error, `TaskError` for any other, `LigatureError` `TIMED_OUT` | `ABORTED` | `REVOKED` | `EXPIRED` | …
   */
  get(options?: WaitOptions): Promise<Result>;
  /**
   * Waits for the end and returns it as a value.
   * @throws LigatureError only for the wait itself: `TIMED_OUT`, `ABORTED`, `CLOSED`.
   */
  settle(options?: WaitOptions): Promise<Outcome<Result, Errors>>;
  /** What is known now. */
  state(): Promise<TaskState>;
  /** Whether the end is known. */
  ready(): Promise<boolean>;
  /** The handler's reports from now on; ends when the task ends. A report before the first read is kept, the latest only. */
  progress(): AsyncIterable<Progress>;
  /** Tells every worker not to start it; one that has started it goes on, unless `terminate`. */
  revoke(options?: RevokeOptions): Promise<void>;
}
