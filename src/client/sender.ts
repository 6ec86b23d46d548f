import { randomUUID } from "node:crypto";
import type { ResultBackend } from "../backend/index.ts";
import type { Broker } from "../broker/index.ts";
import { parseArguments, type QueueSpec } from "../contract/index.ts";
import { LigatureError } from "../errors/index.ts";
import { composeSignature, encodeTask, type Composed, type Successor } from "../protocol/index.ts";
import { contractOf, joined, tailOf, tasksIn, type KnownTask, type SignatureData, type TaskRef } from "../signature/index.ts";
import { currentRequest } from "../worker/index.ts";
import { ResultHandle, type ResultEnvironment } from "./result-handle.ts";

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
  readonly #maxPending: number;
  readonly #resultExpires: number;
  readonly #pending = new Set<ResultHandle>();
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
    readonly resultExpires: number;
  }) {
    this.#broker = options.broker;
    this.#backend = options.backend;
    this.#publishTimeout = options.publishTimeout;
    this.#maxPending = options.maxPending;
    this.#resultExpires = options.resultExpires;
    this.#results = { ...options.results, onSettled: (handle) => this.#pending.delete(handle) };
  }

  /**
   * Resolves when the broker has the request.
   * @throws LigatureError `INVALID_ARGUMENTS` before anything is sent; what `Broker.publish` throws.
   */
  async send(data: SignatureData, options: SendOptions = {}): Promise<ResultHandle> {
    if (this.#closed !== undefined) throw this.#closed;
    const giveUpAt = options.deadline ?? Date.now() + this.#publishTimeout;
    await this.#check(data);
    if (!this.#isReady) await this.#start(giveUpAt);
    await this.#declareQueues(data, giveUpAt);

    const ignoreResult = options.ignoreResult ?? this.#ignoresResult(data);
    const composed = this.#compose(data, options, ignoreResult);
    const { result } = composed;
    if (result.kind === "group") throw new LigatureError("INVALID_ARGUMENTS", "Groups can't be sent on their own yet.");
    const handle = new ResultHandle(result.id, declared(result.task), this.#results);
    if (!ignoreResult) this.#track(handle);
    try {
      await this.#publish(data, composed, giveUpAt);
    } catch (error) {
      handle.fail(
        error instanceof LigatureError
          ? error
          : new LigatureError("NOT_SENT", `${handle.taskName} could not be sent.`, { cause: error }),
      );
      throw error;
    }
    return handle;
  }

  async #publish(data: SignatureData, { messages }: Composed, giveUpAt: number): Promise<void> {
    await Promise.all(messages.map((started) => this.#publishOne(data, started, giveUpAt)));
  }

  async #publishOne(data: SignatureData, { message, route, delay }: Successor, giveUpAt: number): Promise<void> {
    const encoded = encodeTask(message, route);
    try {
      await this.#broker.publish(encoded, { delay, giveUpAt });
    } catch (error) {
      // A queue of a contract may have been deleted since it was declared; what was returned has not been sent.
      const queues = [...tasksIn(data)].map(({ task }) => task.spec.queue);
      const isOurs = queues.some(({ name }) => name === route.routingKey);
      if (!(error instanceof LigatureError) || error.code !== "UNROUTABLE" || !isOurs) throw error;
      for (const queue of queues) this.#declared.delete(queue);
      await this.#declareQueues(data, giveUpAt);
      await this.#broker.publish(encoded, { delay, giveUpAt });
    }
  }

  /** Ends every pending result. */
  close(error: LigatureError): void {
    this.#closed = error;
    for (const handle of [...this.#pending]) handle.fail(error);
  }

  #track(handle: ResultHandle): void {
    if (this.#pending.size >= this.#maxPending) this.#forgetExpired();
    if (this.#pending.size >= this.#maxPending) {
      throw new LigatureError(
        "NOT_SENT",
        `${this.#pending.size} results are pending already, the limit of option maxPending. Await some, or send with { ignoreResult: true }.`,
      );
    }
    this.#pending.add(handle);
    handle.watch();
  }

  /** A result that hasn't come while results are kept won't come: its worker never answered, or the broker dropped the task. */
  #forgetExpired(): void {
    const oldest = Date.now() - this.#resultExpires;
    // In the order of sending, so the first that is young enough ends the search.
    for (const handle of this.#pending) {
      if (handle.since > oldest) return;
      const seconds = this.#resultExpires / 1000;
      handle.fail(
        new LigatureError(
          "TIMED_OUT",
          `No result of ${handle.taskName}[${handle.id}] within ${seconds} s (option resultExpires).`,
        ),
      );
    }
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

  /** A chain's result is its last step's. */
  #ignoresResult(data: SignatureData): boolean {
    return data.kind !== "group" && tailOf(joined(data)).task.spec.ignoreResult;
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

/** Declared errors are classes of a contract; a task knows only its own specification. */
function declared(task: TaskRef): KnownTask {
  const contract = contractOf(task);
  if (contract !== undefined) return { task, contract };
  throw new LigatureError("INVALID_CONTRACT", `${task.spec.name} belongs to no generated contract that is loaded.`);
}
