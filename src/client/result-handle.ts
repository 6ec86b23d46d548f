import type { ResultBackend, Watch } from "../backend/index.ts";
import type { QueueStatus } from "../broker/index.ts";
import { LigatureError } from "../errors/index.ts";
import { errorFromWire, isFinal, type ResultOrigin, type StoredResult, type TaskState } from "../protocol/index.ts";
import type { KnownTask } from "../signature/index.ts";
import type { Deadlines } from "../timing/index.ts";
import type { AsyncResult, ChildResult, GroupResult, Outcome, RevokeOptions, WaitOptions } from "./async-result.ts";
import { ProgressStream } from "./progress-stream.ts";
import { keptVersion, type KeptResult } from "./kept-result.ts";
import { atCaller } from "./at-caller.ts";
import { resultValue, unpacked } from "./outcome.ts";
import type { PendingResult } from "./pending-results.ts";
import { abortedWait, endOfWait, explained, Waiter, waitsIn, withinWait } from "./wait.ts";

/** What all results of one app share. */
export interface ResultEnvironment {
  readonly backend: ResultBackend;
  readonly deadlines: Deadlines;
  readonly revoke: (ids: readonly string[], terminate: boolean) => Promise<void>;
  /** How a task's queue is doing. */
  readonly inspect: (queue: string, giveUpAt: number) => Promise<QueueStatus | undefined>;
  /** Called once per handle, when its end is known or nobody can learn it any more. */
  readonly onSettled: (pending: PendingResult) => void;
}

export type ParentResult = AsyncResult<unknown, {}, unknown> | GroupResult<readonly unknown[]>;

/** What a result is part of; a lone task, of which there may be very many, has none. */
export interface Lineage {
  readonly parent?: ParentResult | undefined;
  /** This task and all that comes before it. */
  readonly workflow?: readonly string[] | undefined;
  /** Where another process, whose task it is, receives it. */
  readonly from?: ResultOrigin | undefined;
  /** An earlier send with the same key had sent it. */
  readonly duplicate?: boolean;
}

/** See {@link ResultHandle}. */
type State =
  | { readonly kind: "waiting"; readonly latest: StoredResult | undefined }
  | { readonly kind: "ended"; readonly final: StoredResult }
  | { readonly kind: "unstored" }
  | { readonly kind: "broken"; readonly error: LigatureError; readonly latest: StoredResult | undefined };

/** There may be very many handles that wait. */
const nothingYet: State = { kind: "waiting", latest: undefined };
const unstored: State = { kind: "unstored" };

/**
 * One task's result at the caller: watched from before the request is sent until its end, read by any number
 * of `get()`s. The stored form is kept and decoded when asked for, so a result that nobody reads costs nothing.
 *
 * A handle is in one of these states:
 *
 *   waiting   nothing final has come; `latest` is what came last.  a final result ─▶ ended; expectNothing() ─▶ unstored;
 *             fail() ─▶ broken
 *   ended     the final result has come.  For good.
 *   unstored  the task stores no result, so nothing is heard of it, nor waited for.  For good.
 *   broken    nobody can learn the end any more: the request was never sent, or the app is closed.  For good.
 */
export class ResultHandle implements AsyncResult<unknown, unknown, unknown>, PendingResult {
  readonly id: string;
  /** When it was sent, epoch milliseconds. */
  readonly since: number = Date.now();
  readonly #known: KnownTask;
  readonly #env: ResultEnvironment;
  readonly #lineage: Lineage | undefined;
  /** Where it was sent, if not to the task's own queue. */
  readonly #queue: string | undefined;
  readonly duplicate: boolean;
  #watch: Watch | undefined;
  #state: State = nothingYet;
  #waiters: Set<Waiter> | undefined;
  #streams: Set<ProgressStream> | undefined;
  /** For readers who come later, also after the end. */
  #latestProgress: StoredResult | undefined;

  constructor(id: string, known: KnownTask, env: ResultEnvironment, lineage?: Lineage, queue?: string) {
    this.id = id;
    this.#known = known;
    this.#env = env;
    this.#lineage = lineage;
    this.#queue = queue;
    this.duplicate = lineage?.duplicate === true;
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
    if (this.#state.kind === "waiting") this.#watch = watch;
    else watch.close();
  }

  get expectsNothing(): boolean {
    return this.#state.kind === "unstored";
  }

  /** Nothing will be heard of it: the task stores no result. */
  expectNothing(): void {
    if (this.#state.kind === "waiting") this.#state = unstored;
  }

  /** Ends the handle without a result. */
  fail(error: LigatureError): void {
    if (this.#state.kind !== "waiting") return;
    this.#state = { kind: "broken", error, latest: this.#state.latest };
    this.#settle();
  }

  async get(options: WaitOptions = {}): Promise<unknown> {
    const outcome = await this.settle(options);
    if (outcome.ok) return outcome.value;
    throw atCaller(outcome.error);
  }

  async settle(options: WaitOptions = {}): Promise<Outcome<unknown, unknown>> {
    try {
      await this.untilSettled(endOfWait(options), options.signal);
      return await this.#settled();
    } catch (error) {
      throw atCaller(await this.explain(error));
    }
  }

  /** A wait's error, and if it has timed out how the task's queue is doing. */
  explain(error: unknown): Promise<unknown> {
    return explained(error, this.#queue ?? waitsIn(this.#known.task), this.#env.inspect);
  }

  async #settled(): Promise<Outcome<unknown, unknown>> {
    const state = this.#state;
    switch (state.kind) {
      case "ended":
        return this.#outcome(state.final);
      case "unstored":
        return { ok: true, value: undefined };
      case "broken":
        throw state.error;
      case "waiting":
        throw new TypeError("A wait has ended before its result has settled.");
    }
  }

  /** Resolves at the end; rejects when the wait ends first. @param at epoch milliseconds */
  async untilSettled(at: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#state.kind !== "waiting") return;
    if (signal?.aborted === true) throw abortedWait(this, signal);
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

  async state(options: WaitOptions = {}): Promise<TaskState> {
    await this.#caughtUp("state()", options);
    return this.#latest()?.status ?? "PENDING";
  }

  async ready(options: WaitOptions = {}): Promise<boolean> {
    await this.#caughtUp("ready()", options);
    return this.#state.kind === "ended";
  }

  async children(options: WaitOptions = {}): Promise<readonly ChildResult[]> {
    await this.#caughtUp("children()", options);
    return childrenOf(this.#state.kind === "ended" ? this.#state.final.children : []);
  }

  progress(): AsyncIterable<unknown> {
    const { task } = this.#known;
    const stream = new ProgressStream(
      (report) => unpacked(report, task.spec.progress, task.fingerprint),
      () => this.#streams?.delete(stream),
    );
    if (this.#latestProgress !== undefined) stream.push(this.#latestProgress);
    if (this.#state.kind === "waiting") (this.#streams ??= new Set()).add(stream);
    else stream.end();
    return stream;
  }

  revoke(options: RevokeOptions = {}): Promise<void> {
    const revoked = this.#env.revoke(this.#lineage?.workflow ?? [this.id], options.terminate ?? false);
    return withinWait(revoked, options, this.#what("revoke()"));
  }

  async forget(options: WaitOptions = {}): Promise<void> {
    const forgotten = Promise.all([this.#env.backend.forget?.(this.id), this.parent?.forget()]);
    await withinWait(forgotten, options, this.#what("forget()"));
  }

  keep(options: WaitOptions = {}): Promise<KeptResult> {
    return withinWait(this.#keep(), options, this.#what("keep()"));
  }

  #what(method: string): string {
    return `${method} of ${this.taskName}[${this.id}]`;
  }

  async #caughtUp(method: string, options: WaitOptions): Promise<void> {
    const caughtUp = this.#watch?.caughtUp;
    if (caughtUp !== undefined) await withinWait(Promise.resolve(caughtUp), options, this.#what(method));
  }

  async #keep(): Promise<KeptResult> {
    const { workflow, from } = this.#lineage ?? {};
    // n.b. no await before: what comes from now on is the backend's to keep, what has come is in `#latest`.
    const origin = from ?? (await this.#env.backend.keep?.(this.id, this.#latest()));
    return {
      ligature: keptVersion,
      id: this.id,
      task: this.taskName,
      ...(workflow !== undefined && workflow.length > 1 && { workflow }),
      ...(origin !== undefined && { from: origin }),
    };
  }

  toJSON(): { readonly id: string; readonly task: string } {
    return { id: this.id, task: this.taskName };
  }

  /** The end, as somebody else has learnt it. */
  end(final: StoredResult): void {
    this.#onResult(final);
  }

  #onResult(result: StoredResult): void {
    if (this.#state.kind !== "waiting") return;
    if (result.status === "PROGRESS") {
      this.#latestProgress = result;
      for (const stream of this.#streams ?? []) stream.push(result);
    }
    const isEnd = isFinal(result.status);
    this.#state = isEnd ? { kind: "ended", final: result } : { kind: "waiting", latest: result };
    if (isEnd) this.#settle();
  }

  /** The latest that was told of the task. */
  #latest(): StoredResult | undefined {
    const state = this.#state;
    switch (state.kind) {
      case "ended":
        return state.final;
      case "unstored":
        return undefined;
      default:
        return state.latest;
    }
  }

  #settle(): void {
    this.#watch?.close();
    this.#watch = undefined;
    for (const stream of this.#streams ?? []) stream.end();
    for (const waiter of this.#waiters ?? []) waiter.resolve();
    this.#env.onSettled(this);
  }

  /** The task's answer as a value. */
  async #outcome(final: StoredResult): Promise<Outcome<unknown, unknown>> {
    const { contract } = this.#known;
    if (final.status !== "SUCCESS") return { ok: false, error: errorFromWire(final, contract) };
    try {
      return { ok: true, value: await resultValue(final, this.#known) };
    } catch (error) {
      if (error instanceof LigatureError) return { ok: false, error };
      throw error;
    }
  }
}

/** Celery nests groups in groups only so far as somebody writes them; what is received may nest as deep as JSON goes. */
const deepest = 20;

/** Celery's result tuples (celery.result, `as_tuple`): `[[id, parent], null]` of a task, `[[id, parent], [members]]` of a group. */
function childrenOf(tuples: readonly unknown[], depth = 0): readonly ChildResult[] {
  return tuples.flatMap((tuple) => childOf(tuple, depth) ?? []);
}

function childOf(tuple: unknown, depth: number): ChildResult | undefined {
  if (!Array.isArray(tuple) || depth > deepest) return undefined;
  const [head, members]: readonly unknown[] = tuple;
  const id: unknown = Array.isArray(head) ? head[0] : head;
  if (typeof id !== "string") return undefined;
  return Array.isArray(members) ? { id, members: childrenOf(members, depth + 1) } : { id };
}
