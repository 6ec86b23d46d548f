import type { Duration } from "../contract/index.ts";
import type { TaskState } from "../protocol/result/stored-result.ts";
import type { KeptResult, KeptGroup } from "./kept-result.ts";
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
  /** How long to wait. Within a handler, its request's deadline ends the wait as well. @default no limit */
  readonly timeout?: Duration;
  /** Ends the wait; the task goes on, see {@link AsyncResult.revoke}. */
  readonly signal?: AbortSignal;
}

export interface RevokeOptions extends WaitOptions {
  /** Also abort `ctx.signal` if the handler is running already. @default false */
  readonly terminate?: boolean;
}

/** What a task has sent while it ran, or after: callbacks, the next step of its chain, whatever its handler called. */
export interface ChildResult {
  /** The id of a task or, where it has members, of a group. */
  readonly id: string;
  readonly members?: readonly ChildResult[];
}

/** A task that was sent: wait for its result, watch it, or call it off. */
export interface AsyncResult<out Result, out Errors = {}, out Progress = never> {
  /** The task's id, as Celery and every log show it. */
  readonly id: string;
  readonly taskName: string;
  /** Whether an earlier send with the same key (`idempotency`) had sent it. */
  readonly duplicate: boolean;
  /** In a chain, the step before; of a chord's body, its header. Not known to an attached result. */
  readonly parent: AsyncResult<unknown, {}, unknown> | GroupResult<readonly unknown[]> | undefined;
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
  state(options?: WaitOptions): Promise<TaskState>;
  /** Whether the end is known. It never is of a task that stores no result (`ignoreResult`); its state stays `PENDING`. */
  ready(options?: WaitOptions): Promise<boolean>;
  /** The handler's reports from now on; ends when the task ends. A report before the first read is kept, the latest only. */
  progress(): AsyncIterable<Progress>;
  /** What the task has sent, as far as that is known now; its worker tells so with the result. */
  children(options?: WaitOptions): Promise<readonly ChildResult[]>;
  /**
   * Tells every worker not to start it, nor what comes before it in its chain or chord; what has been started goes on, unless
   * `terminate`.
   */
  revoke(options?: RevokeOptions): Promise<void>;
  /** Deletes what is kept of this result, and of what came before it, for later readers. Who holds it already keeps it. */
  forget(options?: WaitOptions): Promise<void>;
  /**
   * Keeps the result for others, for the app's `resultExpires` after the last reader. Resolves, once that is safe, with what
   * `app.attach` takes, in this process or another, also when this one has gone: plain data, for `JSON.stringify`.
   * @throws LigatureError on `rpc://`: `NOT_SENT` when the broker is out of reach, `CLOSED` when the app is closed
   */
  keep(options?: WaitOptions): Promise<KeptResult>;
  /** Which result it is, for logs: its id and task. Has no effect, and isn't what `app.attach` takes; see {@link AsyncResult.keep}. */
  toJSON(): { readonly id: string; readonly task: string };
}

/** What one member of a group came to. */
export interface GroupMember<out Result> {
  /** Its place in the group, from 0. */
  readonly index: number;
  /** The id of its result. */
  readonly id: string;
  readonly outcome: Outcome<Result>;
}

/** A group that was sent: a result for each member, and all of them together. */
export interface GroupResult<out Results extends readonly unknown[]> extends AsyncIterable<GroupMember<Results[number]>> {
  /** The group's id, which its members' messages carry. */
  readonly id: string;
  /** The members' results, in the group's order. */
  readonly results: { readonly [N in keyof Results]: AsyncResult<Results[N], {}, unknown> };
  /** What the group waited for: the step or the header before it. */
  readonly parent: AsyncResult<unknown, {}, unknown> | GroupResult<readonly unknown[]> | undefined;
  /**
   * Waits for all results, in the group's order.
   * @throws ChordError as soon as one has failed: `member` says which, `cause` is its own error; `LigatureError` `TIMED_OUT` | `ABORTED` | `CLOSED`.
   */
  get(options?: WaitOptions): Promise<Results>;
  /**
   * Waits for all members and returns what each came to, in the group's order.
   * @throws LigatureError only for the wait itself: `TIMED_OUT`, `ABORTED`, `CLOSED`.
   */
  settle(options?: WaitOptions): Promise<{ readonly [N in keyof Results]: Outcome<Results[N]> }>;
  /** How many members are known to have ended, whichever way. */
  completed(options?: WaitOptions): Promise<number>;
  /** Whether all have ended. */
  ready(options?: WaitOptions): Promise<boolean>;
  /** Whether all have succeeded. */
  successful(options?: WaitOptions): Promise<boolean>;
  /** Whether any has failed, or was revoked. */
  failed(options?: WaitOptions): Promise<boolean>;
  /** The members as they end, each once; waits for all of them. */
  [Symbol.asyncIterator](): AsyncIterator<GroupMember<Results[number]>>;
  /** Tells every worker not to start what has not been started; with `terminate` also to stop what runs. */
  revoke(options?: RevokeOptions): Promise<void>;
  /** Deletes what is kept of the members' results for later readers. */
  forget(options?: WaitOptions): Promise<void>;
  /**
   * Keeps the members' results for others. Resolves, once that is safe, with what `app.attachGroup` takes, in this process or
   * another: plain data, for `JSON.stringify`.
   * @throws LigatureError when the broker, or Redis, is out of reach, and `CLOSED` when the app is closed
   */
  keep(options?: WaitOptions): Promise<KeptGroup>;
  /** Which results they are, for logs. Has no effect, and isn't what `app.attachGroup` takes; see {@link GroupResult.keep}. */
  toJSON(): { readonly group: string; readonly members: readonly { readonly id: string; readonly task: string }[] };
}
