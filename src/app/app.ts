import type { BrokerState } from "../broker/broker-state.ts";
import type { AsyncResult, GroupResult, RevokeOptions, WaitOptions } from "../client/async-result.ts";
import type { Attachable, Attached, AttachedResult } from "../client/attachable.ts";
import type { ApplyOptions } from "../client/remote-task.ts";
import type { Scheduler, SchedulerOptions, Schedules } from "../scheduler/scheduler-types.ts";
import type { Contract, ImmutableGroup, ImmutableSignature, TaskRegistry } from "../signature/index.ts";
import type { CheckedRun, ContextOf, HandlersWith, RunInterceptor } from "../worker/request/run-interceptor.ts";
import type { PoolOptions, WorkerOptions } from "../worker/worker-options.ts";
import type { Worker } from "../worker/worker.ts";
import type { AppHealth } from "./app-health.ts";

type ArgsOf<T> = T extends { readonly "~args"?: infer A extends readonly unknown[] | undefined } ? NonNullable<A> : never;
type ResultOf<T> = T extends { readonly "~result"?: (() => infer R) | undefined } ? R : never;
type ErrorsOf<T> = T extends { readonly "~errors"?: (() => infer E) | undefined } ? E : never;

/** Types only. Interceptors of runs, held against the context that those outside of them leave. */
export interface RunInterceptors<Run, Context extends object = {}> {
  readonly interceptors?: { readonly run?: Run & CheckedRun<NoInfer<Run>, Context> };
}

/** What sending a signature gives: a group's members have a result each, everything else has one. */
export type SentResult<S> =
  S extends ImmutableGroup<infer Results extends readonly unknown[]>
    ? GroupResult<Results>
    : S extends ImmutableSignature<infer Result>
      ? AsyncResult<Result>
      : never;

/**
 * A program's connection to the broker: sends tasks, awaits results, hosts workers. `Context` is what its interceptors add to the
 * context of its workers' handlers.
 */
export interface App<out Context extends object = {}> extends AsyncDisposable {
  readonly name: string;
  /** Whether the broker takes what is sent: what a readiness probe asks for (`app.brokerState.state === "ready"`). */
  readonly brokerState: BrokerState;
  /**
   * Calls back each time that {@link App.brokerState} changes: when the broker is lost or there again, blocked or no longer.
   * What the listener throws is logged.
   * @returns ends that
   */
  onBrokerState(listener: (state: BrokerState) => void): () => void;
  /** A contract's tasks, to be called like functions. */
  remote<Remote>(contract: Contract<Remote>): Remote;
  // First, since the compiler explains a mistake by the last one.
  /**
   * A worker whose handlers run in threads or processes of its own, where a hard time limit, `revoke` with `terminate` and a crash
   * end them and nothing else.
   * @param handlers the module that exports them by default (`export default { … } satisfies …Handlers`), as
   * `new URL("./handlers.js", import.meta.url)`
   */
  worker(contract: Contract, handlers: URL, options: PoolOptions): Worker;
  /**
   * A worker that serves a contract. It starts with `run()` or `start()`.
   * @throws LigatureError `NOT_REGISTERED` when an untyped caller leaves a handler out.
   */
  worker<Handlers, const Run extends readonly RunInterceptor[] = []>(
    contract: Contract<unknown, Handlers>,
    handlers: NoInfer<HandlersWith<Handlers, ContextOf<Run, Context>>>,
    options?: WorkerOptions & RunInterceptors<Run, Context>,
  ): Worker;
  /**
   * Sends signatures over and over; and makes, pauses, lists and deletes schedules. It begins with `run()` or `start()`; a program that only
   * looks after the schedules of others needs neither.
   * @param schedules by id, of `schedule()` from `ligature/schedules`
   */
  scheduler(schedules?: Schedules, options?: SchedulerOptions): Scheduler;
  /**
   * Sends a complete signature: a task, chain, chord or group. Resolves when the broker has all of it that can start.
   * @throws LigatureError `INVALID_ARGUMENTS` before anything is sent; `PARTLY_SENT` when a part of a group or chord was.
   */
  send<S extends ImmutableSignature<unknown>>(signature: S, options?: WaitOptions): Promise<SentResult<S>>;
  /**
   * The result of a task that was sent elsewhere, as if it had been sent here.
   * @param task whose result it is: a contract's task, a remote one (which also types its progress), or a signature that ends in it
   * @param json what `keep()` of a result resolved with, by way of JSON
   * @throws LigatureError `INVALID_OPTION` when it is none, or of another task or backend
   */
  attach<T extends Attachable>(task: T, json: unknown): Attached<T>;
  /**
   * The results of a group that was sent elsewhere.
   * @param tasks one for each member, in the group's order
   * @param json what `keep()` of a `GroupResult` resolved with, by way of JSON
   * @throws LigatureError `INVALID_OPTION` when it is none, or of another group or backend
   */
  attachGroup<const Tasks extends readonly Attachable[]>(
    tasks: Tasks,
    json: unknown,
  ): GroupResult<{ -readonly [N in keyof Tasks]: AttachedResult<Tasks[N]> }>;
  /**
   * The results of a group whose members are all of one task.
   * @param task of every member
   */
  attachGroup<T extends Attachable>(task: T, json: unknown): GroupResult<AttachedResult<T>[]>;
  /**
   * The result of a task of which only the id is known, as Celery's `AsyncResult(id)`: its state stays `PENDING` where there is
   * no such task. Needs a backend that stores results, so not `rpc://`, where {@link App.attach} is the way.
   * @param task whose result it is, as for {@link App.attach}
   * @throws LigatureError `INVALID_OPTION` on `rpc://`
   */
  result<T extends Attachable>(task: T, id: string): Attached<T>;
  /**
   * Tells every worker not to start tasks of which only the ids are known, as Celery's `control.revoke(id)`. On any backend.
   * Knows nothing of what comes before them in a chain.
   */
  revoke(ids: string | readonly string[], options?: RevokeOptions): Promise<void>;
  /**
   * Calls off a whole workflow: what is queued, delayed, running or nested below one root, in every service. Nothing of it starts any
   * more, and what runs is aborted (its `ctx.signal`), or with `terminate: false` ends by itself; either way nothing follows it. All of it
   * is `REVOKED`. Python workers call off the root's own task only. On any backend.
   * @param rootId the id of the task that began it, `ctx.rootId` to every handler: of a chain or a group the first task's
   * @param options `terminate` is true by default
   */
  revokeWorkflow(rootId: string, options?: RevokeOptions): Promise<void>;
  /** Sends a task by its wire name; names and arguments are those of the contract packages that the program imports. */
  sendTask<Name extends { [Key in keyof TaskRegistry]: Key }[keyof TaskRegistry]>(
    name: Name,
    args: ArgsOf<TaskRegistry[Name]>,
    options?: ApplyOptions<ResultOf<TaskRegistry[Name]>>,
  ): Promise<AsyncResult<ResultOf<TaskRegistry[Name]>, ErrorsOf<TaskRegistry[Name]>>>;
  /** Its workers, in the order in which they were made. */
  readonly workers: readonly Worker[];
  /** Whether it can do its work now: connected, not blocked, its workers consuming. For probes, see `ligature/health`. */
  health(): AppHealth;
  /**
   * Stops workers (drained), waits for publishes, ends pending results with `CLOSED`, closes the connection. Idempotent. To a
   * handler of one of these workers, for which it waits, it resolves as soon as that one takes no more requests. After its workers
   * have stopped it takes 20 seconds at most.
   */
  close(): Promise<void>;
}
