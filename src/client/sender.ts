import { randomUUID } from "node:crypto";
import type { ResultBackend } from "../backend/index.ts";
import { LigatureError } from "../errors/index.ts";
import type { Intercept } from "../interceptors/index.ts";
import { composeSignature, type Composed, type OutgoingMessage } from "../protocol/index.ts";
import {
  describe,
  joined,
  tailOf,
  tasksIn,
  type SignatureData,
  type TaskRef,
  type TaskSignatureData,
} from "../signature/index.ts";
import type { OpenOnce } from "../once/index.ts";
import { currentRequest, type Publisher } from "../outgoing/index.ts";
import { unlessAborted, within } from "../timing/index.ts";
import { asLigatureError } from "./at-caller.ts";
import { refuseCeleryMembers } from "./celery-members.ts";
import { AwaitedCall } from "./awaited-call.ts";
import { PendingResults, type PendingResult } from "./pending-results.ts";
import { publishWorkflow } from "./publish-workflow.ts";
import { ResultHandle, type Lineage, type ResultEnvironment } from "./result-handle.ts";
import { declared, resultTree, type SentHandle } from "./result-tree.ts";
import { check, givenUp, intercepted, notSent, queuesOf, type Until } from "./sending-steps.ts";

export interface SendOptions {
  /** Epoch milliseconds; travels with the request. */
  readonly deadline?: number | undefined;
  /** Ends the sending with `ABORTED`, at once. */
  readonly signal?: AbortSignal | undefined;
  readonly ignoreResult?: boolean | undefined;
  readonly taskId?: string | undefined;
  readonly once?: OnceOptions | undefined;
  /** Epoch milliseconds; ends sending only. @default the deadline, or after the app's `publishTimeout` */
  readonly giveUpAt?: number | undefined;
}

/** Of a send that runs once. */
export interface OnceOptions {
  readonly key: string;
  /** Milliseconds. */
  readonly window: number;
}

/**
 * Sends signatures: checks their arguments, makes sure of their queues, listens for the result, publishes.
 * Every send, whichever way the caller wrote it, goes through here.
 */
export class Sender {
  readonly #publisher: Publisher;
  readonly #intercept: Intercept | undefined;
  readonly #backend: ResultBackend;
  readonly #results: ResultEnvironment;
  readonly #publishTimeout: number;
  readonly #openOnce: OpenOnce;
  readonly #pending: PendingResults;
  /** The backend can receive. */
  #isReady = false;
  #closed: LigatureError | undefined;

  constructor(options: {
    readonly publisher: Publisher;
    readonly intercept: Intercept | undefined;
    readonly backend: ResultBackend;
    readonly results: Omit<ResultEnvironment, "onSettled">;
    readonly publishTimeout: number;
    readonly openOnce: OpenOnce;
    readonly maxPending: number;
    readonly resultExpires: number;
  }) {
    this.#publisher = options.publisher;
    this.#intercept = options.intercept;
    this.#backend = options.backend;
    this.#publishTimeout = options.publishTimeout;
    this.#openOnce = options.openOnce;
    this.#pending = new PendingResults({ maxPending: options.maxPending, expires: options.resultExpires });
    this.#results = { ...options.results, onSettled: (pending) => this.#pending.delete(pending) };
  }

  /**
   * Resolves when the broker has the request.
   * @throws LigatureError `INVALID_ARGUMENTS` before anything is sent; what `Broker.publish` throws.
   */
  async sendTask(data: TaskSignatureData, options: SendOptions = {}): Promise<ResultHandle> {
    const giveUpAt = await this.#prepareUnlessAborted(data, options);
    const ignoreResult = options.ignoreResult ?? data.task.spec.ignoreResult;
    if (options.once !== undefined) return this.#sendOnce(data, options.once, { ...options, giveUpAt }, ignoreResult);
    const composed = this.#compose(data, options, ignoreResult);
    const handle = new ResultHandle(composed.result.id, declared(data.task), this.#results, undefined, data.options.queue);
    if (ignoreResult) handle.expectNothing();
    else this.#pending.watch([handle]);
    await this.#publishLone(data, composed, handle, { giveUpAt, signal: options.signal });
    currentRequest()?.sent?.([handle.id]);
    return handle;
  }

  /**
   * Sends a task whose caller waits for its value only. Resolves when the broker has the request, or the result is there.
   * @param resolve with the value, or with a promise that fails
   * @throws LigatureError as {@link Sender.sendTask}
   */
  async call(
    data: TaskSignatureData,
    options: SendOptions & { readonly deadline: number },
    resolve: (value: unknown) => void,
  ): Promise<void> {
    const { deadline, signal } = options;
    // n.b. without a turn of the event loop where nothing has to be waited for.
    const prepared = this.#prepareUnlessAborted(data, options);
    const giveUpAt = typeof prepared === "number" ? prepared : await prepared;
    const composed = this.#compose(data, options, false);
    const call = new AwaitedCall(composed.result.id, declared(data.task), this.#results, data.options.queue, resolve);
    this.#pending.watch([call]);
    await this.#publishLone(data, composed, call, { giveUpAt, signal });
    call.confirmed();
    call.limit(deadline, signal);
  }

  async #publishLone(data: TaskSignatureData, composed: Composed, pending: PendingResult, until: Until): Promise<void> {
    try {
      await this.#publish(data, composed.messages[0] as OutgoingMessage, until);
    } catch (error) {
      pending.fail(asLigatureError(error, pending.taskName));
      throw error;
    }
  }

  /**
   * Sends whatever it is; resolves when the broker has all of it that can start.
   * @throws LigatureError `INVALID_ARGUMENTS` before anything is sent; `PARTLY_SENT`; what `Broker.publish` throws.
   */
  async send(data: SignatureData, options: SendOptions = {}): Promise<SentHandle> {
    if (data.kind === "task") return this.sendTask(data, options);
    const { signal } = options;
    const giveUpAt = await this.#prepareUnlessAborted(data, options);
    const ignoreResult = options.ignoreResult ?? (data.kind !== "group" && tailOf(joined(data)).task.spec.ignoreResult);
    const composed = this.#compose(data, options, ignoreResult);
    const { result, handles } = resultTree(composed.result, this.#results);
    const awaited = handles.filter((handle) => !handle.expectsNothing);
    if (ignoreResult) for (const handle of awaited) handle.expectNothing();
    else this.#pending.watch(awaited);
    try {
      const published = publishWorkflow(composed, {
        backend: this.#backend,
        publisher: this.#publisher,
        publish: (message) => this.#publish(data, message, { giveUpAt, signal }),
        revoke: (ids) => this.#results.revoke(ids, false),
        giveUpAt,
      });
      // Calling off what was sent takes its time, for which nobody has to wait.
      await unlessAborted(published, signal, () => givenUp(data, signal));
    } catch (error) {
      const failure = asLigatureError(error, describe(data));
      for (const handle of awaited) handle.fail(failure);
      throw failure;
    }
    currentRequest()?.sent?.(composed.messages.map(({ message }) => message.id));
    return result;
  }

  async #sendOnce(
    data: TaskSignatureData,
    once: OnceOptions,
    options: SendOptions & { readonly giveUpAt: number },
    ignoreResult: boolean,
  ): Promise<ResultHandle> {
    const { giveUpAt, signal } = options;
    const [{ sendOnce }, keys] = await Promise.all([import("./send-once.ts"), this.#openOnce(giveUpAt)]);
    // Without the caller's deadline: others rely on the request, too.
    const { messages } = this.#compose(data, { ...options, deadline: undefined }, ignoreResult);
    return sendOnce(messages[0] as OutgoingMessage, {
      once,
      keys,
      giveUpAt,
      replyTo: ignoreResult ? undefined : this.#backend.replyTo,
      handle: (id, duplicate) => {
        const handle = new ResultHandle(
          id,
          declared(data.task),
          this.#results,
          duplicate ? { duplicate } : undefined,
          data.options.queue,
        );
        if (ignoreResult) handle.expectNothing();
        else this.#pending.watch([handle]);
        return handle;
      },
      publish: async (message) => {
        await this.#publish(data, message, { giveUpAt, signal });
        currentRequest()?.sent?.([message.message.id]);
      },
    });
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

  /** A promise only where something has to be waited for. */
  #prepareUnlessAborted(data: SignatureData, options: SendOptions): number | Promise<number> {
    const { signal } = options;
    if (signal?.aborted === true) throw notSent(data, signal);
    const prepared = this.#prepare(data, options);
    return typeof prepared === "number" ? prepared : unlessAborted(prepared, signal, () => notSent(data, signal));
  }

  /** Everything that is done before a message is made. Returns when to give up, epoch milliseconds. */
  #prepare(data: SignatureData, options: SendOptions): number | Promise<number> {
    if (this.#closed !== undefined) throw this.#closed;
    const calledOff = currentRequest()?.calledOff?.();
    if (calledOff !== undefined) throw calledOff;
    const now = Date.now();
    const giveUpAt = options.giveUpAt ?? options.deadline ?? now + this.#publishTimeout;
    const checked = check(tasksIn(data)[Symbol.iterator]());
    const late = (): LigatureError =>
      new LigatureError("NOT_SENT", `${describe(data)} was not sent: its arguments were not checked in time.`);
    if (checked !== undefined) return within(checked, giveUpAt, late).then(() => this.#getReady(data, giveUpAt));
    // The broker may be why: its parts take as long as it does.
    if (giveUpAt <= now) throw this.#publisher.notSent(`${describe(data)} was not sent`);
    return this.#getReady(data, giveUpAt);
  }

  #getReady(data: SignatureData, giveUpAt: number): number | Promise<number> {
    const isLone = data.kind === "task" && data.link.length === 0 && data.linkError.length === 0;
    if (!isLone && this.#backend.chords.needsSize === true) refuseCeleryMembers(data);
    if (this.#isReady && this.#publisher.hasDeclared(queuesOf(data))) return giveUpAt;
    return this.#declare(data, giveUpAt);
  }

  async #declare(data: SignatureData, giveUpAt: number): Promise<number> {
    if (!this.#isReady) await this.#start(giveUpAt);
    // A callback's queue must exist before its parent can finish, perhaps in a worker that doesn't know it: so whoever holds
    // the contract declares it, before sending.
    await this.#publisher.declare(queuesOf(data), giveUpAt);
    return giveUpAt;
  }

  #publish(data: SignatureData, message: OutgoingMessage, until: Until): Promise<void> {
    const { giveUpAt, signal } = until;
    const publish = (outgoing: OutgoingMessage): Promise<void> =>
      this.#publisher.publish(outgoing, () => [...queuesOf(data)], giveUpAt, signal);
    return this.#intercept === undefined ? publish(message) : intercepted(this.#intercept, data, message, publish, until);
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

  /** n.b. each caller with its own deadline; the backend knows what it has begun. */
  async #start(giveUpAt: number): Promise<void> {
    await this.#backend.start({ giveUpAt });
    this.#isReady = true;
  }
}
