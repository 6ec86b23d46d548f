import type { ResultBackend, ResultOrigin, Watch } from "../backend/index.ts";
import { acceptsItsOutput, parseResult, type SchemaLike } from "../contract/index.ts";
import { LigatureError } from "../errors/index.ts";
import { errorFromWire, isFinal, unpackValue, type StoredResult, type TaskState } from "../protocol/index.ts";
import type { KnownTask } from "../signature/index.ts";
import type { Deadlines } from "../timing/index.ts";
import type { AsyncResult, ChildResult, Outcome, RevokeOptions, WaitOptions } from "./async-result.ts";
import { childrenOf } from "./child-results.ts";
import { endOfWait } from "./end-of-wait.ts";
import type { GroupHandle } from "./group-handle.ts";
import { ProgressStream } from "./progress-stream.ts";
import { resultJsonVersion, type AsyncResultJson } from "./result-json.ts";
import { Waiter } from "./waiter.ts";

/** What all results of one app share. */
export interface ResultEnvironment {
  readonly backend: ResultBackend;
  readonly deadlines: Deadlines;
  readonly revoke: (ids: readonly string[], terminate: boolean) => Promise<void>;
  /** Called once per handle, when its end is known or nobody can learn it any more. */
  readonly onSettled: (handle: ResultHandle) => void;
}

export type ParentResult = ResultHandle | GroupHandle;

/** What a result is part of; a lone task, of which there may be very many, has none. */
export interface Lineage {
  readonly parent?: ParentResult | undefined;
  /** This task and all that comes before it. */
  readonly workflow?: readonly string[] | undefined;
  /** Where another process, whose task it is, receives it. */
  readonly from?: ResultOrigin | undefined;
}

/** In place of a result where the task is to store none. */
const none: StoredResult = { task_id: "", status: "PENDING", result: null, traceback: null, children: [] };

/**
 * One task's result at the caller: watched from before the request is sent until its end, read by any number
 * of `get()`s. The stored form is kept and decoded when asked for, so a result that nobody reads costs nothing.
 */
export class ResultHandle implements AsyncResult<unknown, unknown, unknown> {
  readonly id: string;
  /** When it was sent, epoch milliseconds. */
  readonly since: number = Date.now();
  readonly #known: KnownTask;
  readonly #env: ResultEnvironment;
  readonly #lineage: Lineage | undefined;
  #watch: Watch | undefined;
  #state: TaskState = "PENDING";
  #final: StoredResult | undefined;
  /** Why no result will come: the request was never sent, or the app is closed. */
  #broken: LigatureError | undefined;
  #waiters: Set<Waiter> | undefined;
  #streams: Set<ProgressStream> | undefined;
  #latestProgress: StoredResult | undefined;

  constructor(id: string, known: KnownTask, env: ResultEnvironment, lineage?: Lineage) {
    this.id = id;
    this.#known = known;
    this.#env = env;
    this.#lineage = lineage;
  }

  get taskName(): string {
    return this.#known.task.spec.name;
  }

  get parent(): ParentResult | undefined {
    return this.#lineage?.parent;
  }

  /** Begins to listen; before the request is sent, so that no result can come too early. */
  watch(): void {
    const watch = this.#env.backend.watch(this.id, (result) => this.#onResult(result), this.#lineage?.from);
    // It may have told the end already.
    if (this.#final === undefined) this.#watch = watch;
    else watch.close();
  }

  get expectsNothing(): boolean {
    return this.#final === none;
  }

  /** Nothing will be heard of it: the task stores no result. */
  expectNothing(): void {
    this.#final = none;
  }

  /** Ends the handle without a result. */
  fail(error: LigatureError): void {
    if (this.#final !== undefined || this.#broken !== undefined) return;
    this.#broken = error;
    this.#settle();
  }

  async get(options: WaitOptions = {}): Promise<unknown> {
    const outcome = await this.settle(options);
    if (outcome.ok) return outcome.value;
    throw outcome.error;
  }

  async settle(options: WaitOptions = {}): Promise<Outcome<unknown, unknown>> {
    await this.untilSettled(endOfWait(options), options.signal);
    if (this.#broken !== undefined) throw this.#broken;
    if (this.#final === none) return { ok: true, value: undefined };
    return this.#outcome(this.#final as StoredResult);
  }

  /** Resolves at the end; rejects when the wait ends first. @param at epoch milliseconds */
  async untilSettled(at: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#final !== undefined || this.#broken !== undefined) return;
    if (signal?.aborted === true) throw Waiter.aborted(this.taskName, this.id, signal);
    const waiter = new Waiter(this, at, signal, this.#env.deadlines);
    this.#waiters ??= new Set();
    this.#waiters.add(waiter);
    try {
      await waiter.promise;
    } finally {
      waiter.cleanup();
      this.#waiters.delete(waiter);
    }
  }

  async state(): Promise<TaskState> {
    await this.#watch?.caughtUp;
    return this.#state;
  }

  async ready(): Promise<boolean> {
    await this.#watch?.caughtUp;
    return this.#final !== undefined;
  }

  async children(): Promise<readonly ChildResult[]> {
    await this.#watch?.caughtUp;
    return childrenOf(this.#final?.children ?? []);
  }

  progress(): AsyncIterable<unknown> {
    const { task } = this.#known;
    const stream = new ProgressStream(
      (report) => unpacked(report, task.spec.progress),
      () => this.#streams?.delete(stream),
    );
    if (this.#latestProgress !== undefined) stream.push(this.#latestProgress);
    if (this.#final !== undefined || this.#broken !== undefined) stream.end();
    else (this.#streams ??= new Set()).add(stream);
    return stream;
  }

  revoke(options: RevokeOptions = {}): Promise<void> {
    return this.#env.revoke(this.#lineage?.workflow ?? [this.id], options.terminate ?? false);
  }

  async forget(): Promise<void> {
    await Promise.all([this.#env.backend.forget?.(this.id), this.parent?.forget()]);
  }

  toJSON(): AsyncResultJson {
    const { workflow, from } = this.#lineage ?? {};
    const latest = this.#final === none ? undefined : (this.#final ?? this.#latestProgress);
    const origin = from ?? this.#env.backend.keep?.(this.id, latest);
    return {
      ligature: resultJsonVersion,
      id: this.id,
      task: this.taskName,
      ...(workflow !== undefined && workflow.length > 1 && { workflow }),
      ...(origin !== undefined && { from: origin }),
    };
  }

  #onResult(result: StoredResult): void {
    if (this.#final !== undefined) return;
    this.#state = result.status;
    if (result.status === "PROGRESS") {
      this.#latestProgress = result;
      for (const stream of this.#streams ?? []) stream.push(result);
    }
    if (!isFinal(result.status)) return;
    this.#final = result;
    this.#settle();
  }

  #settle(): void {
    this.#watch?.close();
    this.#watch = undefined;
    for (const stream of this.#streams ?? []) stream.end();
    for (const waiter of this.#waiters ?? []) waiter.resolve();
    this.#env.onSettled(this);
  }

  /** The task's answer as a value: decoded, and checked against our version of the contract. */
  async #outcome(final: StoredResult): Promise<Outcome<unknown, unknown>> {
    const { task, contract } = this.#known;
    if (final.status !== "SUCCESS") return { ok: false, error: errorFromWire(final, contract) };
    try {
      const { spec } = task;
      const value = unpacked(final, spec.returns);
      // A Ligature worker has applied its schema and sends the output. Ours, when it is the same, has nothing to add;
      // another version is applied to check the value, where it can be applied to what came out of it.
      const appliedBy = final.ligature?.fingerprint ?? (contract.spec.runtime === "ligature" ? "" : undefined);
      const isDone =
        appliedBy !== undefined &&
        ((appliedBy !== "" && appliedBy === task.fingerprint) || (spec.returns !== undefined && !acceptsItsOutput(spec.returns)));
      return { ok: true, value: isDone ? value : await parseResult(spec, value) };
    } catch (error) {
      if (error instanceof LigatureError) return { ok: false, error };
      throw error;
    }
  }
}

/** The value in a stored result; what a worker of Ligature doesn't annotate is what it looks like. */
function unpacked({ result, ligature }: StoredResult, schema: SchemaLike | undefined): unknown {
  return unpackValue({ json: result, meta: ligature?.meta }, schema, ligature?.fingerprint !== undefined);
}
