import type { TaskRegistry } from "../generated/index.ts";
import type { Contract, ImmutableSignature } from "../signature/index.ts";
import type { Worker, WorkerOptions } from "../worker/index.ts";
import type { AsyncResult } from "./async-result.ts";
import type { ApplyOptions } from "./remote-task.ts";

type ArgsOf<T> = T extends { readonly "~args"?: infer A extends readonly unknown[] | undefined } ? NonNullable<A> : never;
type ResultOf<T> = T extends { readonly "~result"?: (() => infer R) | undefined } ? R : never;
type ErrorsOf<T> = T extends { readonly "~errors"?: (() => infer E) | undefined } ? E : never;

/** A program's connection to the broker: sends tasks, awaits results, hosts workers. */
export interface App extends AsyncDisposable {
  readonly name: string;
  /** A contract's tasks, to be called like functions. */
  remote<Remote>(contract: Contract<Remote>): Remote;
  /**
   * A worker that serves a contract. It starts with `run()` or `start()`.
   * @throws LigatureError `NOT_REGISTERED` when an untyped caller leaves a handler out.
   */
  worker<Handlers>(contract: Contract<unknown, Handlers>, handlers: NoInfer<Handlers>, options?: WorkerOptions): Worker;
  /** Sends a complete signature or chain; resolves when the broker has it. */
  send<Result>(signature: ImmutableSignature<Result>): Promise<AsyncResult<Result>>;
  /** Sends a task by its wire name; names and arguments are those of the contract packages that the program imports. */
  sendTask<Name extends { [Key in keyof TaskRegistry]: Key }[keyof TaskRegistry]>(
    name: Name,
    args: ArgsOf<TaskRegistry[Name]>,
    options?: ApplyOptions<ResultOf<TaskRegistry[Name]>>,
  ): Promise<AsyncResult<ResultOf<TaskRegistry[Name]>, ErrorsOf<TaskRegistry[Name]>>>;
  /** Stops workers (drained), waits for publishes, ends pending results with `CLOSED`, closes the connection. Idempotent. */
  close(): Promise<void>;
}
