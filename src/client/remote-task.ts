import type { Duration } from "../contract/index.ts";
import type { ImmutableSignature, Signature, SignatureOptions } from "../signature/index.ts";
import type { AsyncResult } from "./async-result.ts";

/** A send that runs once: see {@link CallOptions.idempotency}. */
export interface Idempotency {
  /** 1 to 500 characters. A task's own: the same key of another task is another key. */
  readonly key: string;
  /** The window, from the first send on; after it the key is free. At least a second. */
  readonly for: Duration;
}

/** Options of one awaited call. */
export interface CallOptions extends SignatureOptions {
  /** The deadline of the whole call; travels with the request, so that no worker starts it too late. @default the app's `rpcTimeout` (30 s) */
  readonly timeout?: Duration;
  /** Ends the wait. The task goes on. */
  readonly signal?: AbortSignal;
  /**
   * All sends of the task with one key, from whichever process, lead to one completed run within the window, and get its result, also
   * when it has failed. A run whose worker is killed is repeated; a request that ends without having run frees its key. Needs the app's
   * `store`, which the workers share. Of the sends after the first only the key counts: not their queue, priority, delay or expiry.
   * @throws LigatureError `KEY_MISMATCH` for other arguments or callbacks than the first send's; `STORE_MISSING`
   */
  readonly idempotency?: Idempotency;
}

/** Options of a call that isn't awaited. */
export interface ApplyOptions<Result> extends SignatureOptions {
  /** Sent with the result as first argument when the task succeeds. */
  readonly link?: Signature<Result, unknown> | readonly Signature<Result, unknown>[];
  /** Sent, as a task to its own contract's queue, when the task fails. Must be built with `.si(...)`. */
  readonly linkError?: ImmutableSignature<unknown> | readonly ImmutableSignature<unknown>[];
  /** Store no result. @default the contract's `ignoreResult` */
  readonly ignoreResult?: boolean;
  /** A task id of your own. @default a new UUID */
  readonly taskId?: string;
  /** How long sending may take, connecting included; then it fails with `NOT_SENT`. @default the app's `publishTimeout` (30 s) */
  readonly timeout?: Duration;
  /** Ends sending with `ABORTED`. What the broker has by then goes on. */
  readonly signal?: AbortSignal;
  /** As for a call that is awaited: {@link CallOptions.idempotency}. The first send's `taskId` counts. */
  readonly idempotency?: Idempotency;
}

type ArgsOf<Call> = Call extends (...args: infer Args) => unknown ? Args : never;
type ResultOf<Call> = Call extends (...args: never) => Promise<infer Result> ? Result : never;

/**
 * What a remote task can do besides being called. Generated code says `((path: string) => Promise<Report>) & Sendable`:
 * a call of a plain function costs the compiler nothing, and all this is worked out only where somebody uses it. The
 * arguments and the result are those of the function that it stands beside.
 */
export interface Sendable<Errors = {}, Progress = never> {
  /** Types only: what it is besides its function. */
  readonly "~sends"?: (() => readonly [Errors, Progress]) | undefined;
  /** The same call with options. */
  with(options: CallOptions): (...args: ArgsOf<this>) => Promise<ResultOf<this>>;
  /** Sends the task; resolves when the broker has it. */
  delay(...args: ArgsOf<this>): Promise<AsyncResult<ResultOf<this>, Errors, Progress>>;
  /** Sends the task with options and callbacks; resolves when the broker has it. */
  applyAsync(args: ArgsOf<this>, options?: ApplyOptions<ResultOf<this>>): Promise<AsyncResult<ResultOf<this>, Errors, Progress>>;
}

/** A remote task by itself, for functions that take any task of a shape: call it and await its result, or send it and go on. */
export interface RemoteTask<Args extends readonly unknown[], Result, Errors = {}, Progress = never> {
  /** Types only. */
  readonly "~sends"?: (() => readonly [Errors, Progress]) | undefined;
  /** Sends the task and waits for its result, 30 seconds at most unless the app or `with` says otherwise. */
  (...args: Args): Promise<Result>;
  /** The same call with options. */
  with(options: CallOptions): (...args: Args) => Promise<Result>;
  /** Sends the task; resolves when the broker has it. */
  delay(...args: Args): Promise<AsyncResult<Result, Errors, Progress>>;
  /** Sends the task with options and callbacks; resolves when the broker has it. */
  applyAsync(args: Args, options?: ApplyOptions<Result>): Promise<AsyncResult<Result, Errors, Progress>>;
}
