import { randomUUID } from "node:crypto";
import type { ResultBackend } from "../backend/index.ts";
import type { Broker } from "../broker/index.ts";
import { parseArguments, type QueueSpec } from "../contract/index.ts";
import { LigatureError } from "../errors/index.ts";
import { composeSignature, encodeTask, type Composed, type Successor } from "../protocol/index.ts";
import {
  describe,
  joined,
  tailOf,
  tasksIn,
  type SignatureData,
  type TaskRef,
  type TaskSignatureData,
} from "../signature/index.ts";
import { currentRequest } from "../outgoing/index.ts";
import { refuseCeleryMembers } from "./celery-members.ts";
import { PendingResults } from "./pending-results.ts";
import { publishWorkflow } from "./publish-workflow.ts";
import { ResultHandle, type Lineage, type ResultEnvironment } from "./result-handle.ts";
import { declared, resultTree, type SentHandle } from "./result-tree.ts";

/** Messages of one workflow that may be unconfirmed at a time. */
const widest = 500;

export interface SendOptions {
  /** Epoch milliseconds; travels with the request. */
  readonly deadline?: number | undefined;
  readonly ignoreResult?: boolean | undefined;
  readonly taskId?: string | undefined;
}

/**
 * Sends signatures: checks their arguments, makes sure of their queues, listens for the result, publishes.
 * Every send, whichever way the caller wrote it, goes through here.
 */
export class Sender {
  readonly #broker: Broker;
  readonly #backend: ResultBackend;
  readonly #results: ResultEnvironment;
  readonly #publishTimeout: number;
  /** So that one workflow leaves room for others. */
  readonly #width: number;
  readonly #pending: PendingResults;
  /** Queues that the broker has been asked for; it declares them again by itself after a reconnect. */
  readonly #declared = new WeakSet<QueueSpec>();
  /** Settled once the backend can receive. */
  #ready: Promise<void> | undefined;
  #isReady = false;
  #closed: LigatureError | undefined;

  constructor(options: {
    readonly broker: Broker;
    readonly backend: ResultBackend;
    readonly results: Omit<ResultEnvironment, "onSettled">;
    readonly publishTimeout: number;
    readonly maxPending: number;
    readonly maxUnconfirmed: number;
    readonly resultExpires: number;
  }) {
    this.#broker = options.broker;
    this.#backend = options.backend;
    this.#publishTimeout = options.publishTimeout;
    this.#pending = new PendingResults({ maxPending: options.maxPending, expires: options.resultExpires });
    this.#width = Math.max(1, Math.min(widest, Math.floor(options.maxUnconfirmed / 2)));
    this.#results = { ...options.results, onSettled: (handle) => this.#pending.delete(handle) };
  }

  /**
   * Resolves when the broker has the request.
   * @throws LigatureError `INVALID_ARGUMENTS` before anything is sent; what `Broker.publish` throws.
   */
  async sendTask(data: TaskSignatureData, options: SendOptions = {}): Promise<ResultHandle> {
    const giveUpAt = await this.#prepare(data, options);
    const ignoreResult = options.ignoreResult ?? data.task.spec.ignoreResult;
    const { messages, result } = this.#compose(data, options, ignoreResult);
    const handle = new ResultHandle(result.id, declared(data.task), this.#results);
    if (ignoreResult) handle.expectNothing();
    else this.#pending.watch([handle]);
    try {
      await this.#publish(data, messages[0] as Successor, giveUpAt);
    } catch (error) {
      handle.fail(asLigatureError(error, handle.taskName));
      throw error;
    }
    currentRequest()?.sent?.([handle.id]);
    return handle;
  }

  /**
   * Sends whatever it is; resolves when the broker has all of it that can start.
   * @throws LigatureError `INVALID_ARGUMENTS` before anything is sent; `PARTLY_SENT`; what `Broker.publish` throws.
   */
  async send(data: SignatureData, options: SendOptions = {}): Promise<SentHandle> {
    if (data.kind === "task") return this.sendTask(data, options);
    const giveUpAt = await this.#prepare(data, options);
    const ignoreResult = options.ignoreResult ?? (data.kind !== "group" && tailOf(joined(data)).task.spec.ignoreResult);
    const composed = this.#compose(data, options, ignoreResult);
    const { result, handles } = resultTree(composed.result, this.#results);
    const awaited = handles.filter((handle) => !handle.expectsNothing);
    if (ignoreResult) for (const handle of awaited) handle.expectNothing();
    else this.#pending.watch(awaited);
    try {
      await publishWorkflow(composed, {
        backend: this.#backend,
        publish: (start) => this.#publish(data, start, giveUpAt),
        revoke: (ids) => this.#results.revoke(ids, false),
        width: this.#width,
        giveUpAt,
      });
    } catch (error) {
      const failure = asLigatureError(error, describe(data));
      for (const handle of awaited) handle.fail(failure);
      throw failure;
    }
    currentRequest()?.sent?.(composed.messages.map(({ message }) => message.id));
    return result;
  }

  /** A handle on a task that was sent by whomever: it listens from now on. */
  attach(task: TaskRef, id: string, lineage: Lineage): ResultHandle {
    if (this.#closed !== undefined) throw this.#closed;
    const handle = new ResultHandle(id, declared(task), this.#results, lineage);
    this.#pending.watch([handle]);
    return handle;
  }

  get results(): ResultEnvironment {
    return this.#results;
  }

  /** Everything that is done before a message is made. Resolves with when to give up, epoch milliseconds. */
  async #prepare(data: SignatureData, options: SendOptions): Promise<number> {
    if (this.#closed !== undefined) throw this.#closed;
    const giveUpAt = options.deadline ?? Date.now() + this.#publishTimeout;
    await this.#check(data);
    const isLone = data.kind === "task" && data.link.length === 0 && data.linkError.length === 0;
    if (!isLone && this.#backend.chords.needsSize === true) refuseCeleryMembers(data);
    if (!this.#isReady) await this.#start(giveUpAt);
    await this.#declareQueues(data, giveUpAt);
    return giveUpAt;
  }

  async #publish(data: SignatureData, { message, route, delay }: Successor, giveUpAt: number): Promise<void> {
    const encoded = encodeTask(message, route);
    try {
      await this.#broker.publish(encoded, { delay, giveUpAt });
    } catch (error) {
      // A queue of a contract may have been deleted since it was declared; what was returned has not been sent.
      if (!(error instanceof LigatureError) || error.code !== "UNROUTABLE") throw error;
      const queues = [...tasksIn(data)].map(({ task }) => task.spec.queue);
      if (!queues.some(({ name }) => name === route.routingKey)) throw error;
      for (const queue of queues) this.#declared.delete(queue);
      await this.#declareQueues(data, giveUpAt);
      await this.#broker.publish(encoded, { delay, giveUpAt });
    }
  }

  /** Ends every pending result. */
  close(error: LigatureError): void {
    this.#closed = error;
    this.#pending.fail(error);
  }

  #compose(data: SignatureData, options: SendOptions, ignoreResult: boolean): Composed {
    const parent = currentRequest();
    return composeSignature(data, {
      now: Date.now(),
      newId: randomUUID,
      replyTo: ignoreResult ? undefined : this.#backend.replyTo,
      rootId: parent?.rootId,
      parentId: parent?.id,
      deadline: options.deadline,
      ignoreResult: options.ignoreResult,
      taskId: options.taskId,
    });
  }

  async #start(giveUpAt: number): Promise<void> {
    this.#ready ??= this.#backend.start({ giveUpAt }).then(
      () => {
        this.#isReady = true;
      },
      (error: unknown) => {
        // The next call tries again.
        this.#ready = undefined;
        throw error;
      },
    );
    await this.#ready;
  }

  /** Bound arguments of every signature inside, so that nothing wrong leaves the process. */
  async #check(data: SignatureData): Promise<void> {
    for (const signature of tasksIn(data)) {
      const checked = parseArguments(signature.task.spec, signature.args, signature.immutable ? 0 : 1);
      if (checked instanceof Promise) await checked;
    }
  }

  /**
   * A callback's queue must exist before its parent can finish, perhaps in a worker that doesn't know it:
   * so whoever holds the contract declares it, before sending.
   */
  async #declareQueues(data: SignatureData, giveUpAt: number): Promise<void> {
    for (const { task } of tasksIn(data)) {
      const { queue } = task.spec;
      if (this.#declared.has(queue)) continue;
      await this.#broker.declareQueue(queue, { giveUpAt });
      this.#declared.add(queue);
    }
  }
}

function asLigatureError(error: unknown, what: string): LigatureError {
  if (error instanceof LigatureError) return error;
  return new LigatureError("NOT_SENT", `${what} could not be sent.`, { cause: error });
}
