import { pause } from "../../timing/index.ts";
import type { ChordBarrier, ResultAddress, ResultBackend } from "../../backend/index.ts";
import { deadLetterQueue, isLastingRefusal, persist, type Broker } from "../../broker/index.ts";
import type { QueueSpec } from "../../contract/index.ts";
import type { LigatureError } from "../../errors/index.ts";
import type { Intercept } from "../../interceptors/index.ts";
import type { Logger } from "../../logging/index.ts";
import type { OpenOnce } from "../../once/index.ts";
import { asLongAsItTakes, type Publisher } from "../../outgoing/index.ts";
import {
  encodeTask,
  outgoingOf,
  owedIds,
  type Packed,
  storedResult,
  type Outgoing,
  type OutgoingMessage,
  type ResultDetails,
  type SuccessorContext,
  type TaskMessage,
  type TaskState,
  type WireFailure,
  type WireSignature,
} from "../../protocol/index.ts";
import type { TaskRef } from "../../signature/index.ts";

/** What a successor is given by the request that it follows. */
export interface SuccessorGiven {
  readonly result?: Packed;
  readonly failure?: WireFailure;
  readonly chain?: readonly WireSignature[] | undefined;
}

/** Milliseconds between tries of what the broker refuses: a queue may only be gone since somebody declares it anew. */
const pauses: readonly number[] = [100, 200, 400, 800, 1600];
/** Milliseconds for which what was refused that often is tried once only: nobody shall wait for each request to find out. */
const refusalRemembered = 30_000;
/** Targets that are remembered at most. */
const mostRefusals = 1000;

/**
 * What leaves a worker: successors, retries and results. Resolves only when the broker has confirmed, so
 * that the request can be acknowledged. What the broker refuses for good has failed: it ends in the dead-letter queue, and
 * whoever can be told of its failure is.
 */
export class Outbox {
  readonly #broker: Broker;
  readonly #backend: ResultBackend;
  readonly #publisher: Publisher;
  readonly #log: Logger;
  readonly #defaultQueue: string;
  readonly #findTask: (name: string) => TaskRef | undefined;
  readonly #queues: readonly QueueSpec[];
  readonly #fail: FailUnsent;
  readonly #intercept: Intercept | undefined;
  /** When a target was last refused for good, by its address. */
  readonly #refusals = new Map<string, number>();

  constructor(options: {
    readonly broker: Broker;
    readonly backend: ResultBackend;
    readonly publisher: Publisher;
    readonly log: Logger;
    /** Where signatures go that name no queue. */
    readonly defaultQueue: string;
    /** Tasks of the contract packages that this program knows, by wire name. */
    readonly findTask: (name: string) => TaskRef | undefined;
    /** What the worker consumes. */
    readonly queues: readonly QueueSpec[];
    readonly fail: FailUnsent;
    /** How messages go through the app's interceptors. */
    readonly intercept: Intercept | undefined;
  }) {
    this.#broker = options.broker;
    this.#backend = options.backend;
    this.#publisher = options.publisher;
    this.#log = options.log;
    this.#defaultQueue = options.defaultQueue;
    this.#findTask = options.findTask;
    this.#queues = options.queues;
    this.#fail = options.fail;
    this.#intercept = options.intercept;
  }

  /** Joins the results of chords. */
  get chords(): ChordBarrier {
    return this.#backend.chords;
  }

  /** The context in which a request starts others. @param newId gives the ids that these lack: see {@link owedIds} */
  contextOf(parent: TaskMessage, newId: () => string): Omit<SuccessorContext, keyof SuccessorGiven> {
    return { now: Date.now(), newId, parent, defaultQueue: this.#defaultQueue };
  }

  /**
   * What starting a successor takes; nothing when it can't be started, which is logged: requests with such successors are
   * refused before they run, as far as that can be seen (checkSuccessors).
   * @param position what of its parent it is, such as `link 0`
   * @param otherwise called with the error when it can't be started
   */
  successor(
    signature: WireSignature,
    given: SuccessorGiven,
    { parent, position }: { readonly parent: TaskMessage; readonly position: string },
    otherwise?: (error: unknown) => void,
  ): Outgoing {
    try {
      return outgoingOf(signature, { ...this.contextOf(parent, owedIds(parent, position)), ...given });
    } catch (error) {
      this.#log.error({ task: signature.task, parent: parent.id, err: error }, "a successor can't be sent");
      otherwise?.(error);
      return nothing;
    }
  }

  /** @param from the queue of the request that owes it; its dead-letter queue takes what nobody can */
  async start(outgoing: Outgoing, from: string): Promise<void> {
    await this.#publisher.start(outgoing, asLongAsItTakes, (message) => this.send(message, from, "successor"));
  }

  /**
   * @param from the queue of the request that owes it; its dead-letter queue takes what nobody can
   * @param kind undefined for a message that only moves on: interceptors have seen it already
   */
  async send(outgoing: OutgoingMessage, from: string, kind?: "successor" | "retry"): Promise<void> {
    const refusal = await (kind === undefined || this.#intercept === undefined
      ? this.#publish(outgoing)
      : this.#publishThrough(this.#intercept, outgoing, kind));
    if (refusal === undefined) return;
    const { message } = outgoing;
    const dead = deadLetterQueue(from);
    this.#log.error(
      { task: message.task, id: message.id, queue: dead, err: refusal },
      "a task can't be delivered: it goes to the dead-letter queue, and has failed",
    );
    const ignoreResult = message.ignoreResult ?? this.#findTask(message.task)?.spec.ignoreResult ?? false;
    await allSettled([this.#park(outgoing, from, refusal.rawMessage), this.#fail({ ...message, ignoreResult }, from, refusal)]);
  }

  /** Resolves with the error of what the broker, or an interceptor, refuses for good. */
  async #publishThrough(
    intercept: Intercept,
    outgoing: OutgoingMessage,
    kind: "successor" | "retry",
  ): Promise<LigatureError | undefined> {
    let failure: { readonly error: unknown } | undefined;
    try {
      await intercept(kind, outgoing, async (message) => {
        try {
          const refusal = await this.#publish(message);
          if (refusal === undefined) return;
          throw refusal;
        } catch (error) {
          failure = isLastingRefusal(error) ? undefined : { error };
          throw error;
        }
      });
      return undefined;
    } catch (error) {
      // The broker's own end is no refusal, whatever the interceptors make of it.
      if (failure !== undefined) throw failure.error;
      return error as LigatureError;
    }
  }

  /** Resolves with the error of what the broker refuses for good. */
  async #publish(outgoing: OutgoingMessage): Promise<LigatureError | undefined> {
    const { message, route } = outgoing;
    const target = JSON.stringify([route.exchange, route.routingKey]);
    const refusedAt = this.#refusals.get(target) ?? 0;
    const tries = Date.now() - refusedAt < refusalRemembered ? 0 : pauses.length;
    for (let tried = 0; ; tried += 1) {
      try {
        await this.#publisher.publish(outgoing, () => this.#queuesOf(message), asLongAsItTakes);
        this.#refusals.delete(target);
        return undefined;
      } catch (error) {
        if (!isLastingRefusal(error)) throw error;
        if (tried >= tries) {
          this.#remember(target);
          return error;
        }
        await pause(pauses[tried] ?? 0);
      }
    }
  }

  #remember(target: string): void {
    this.#refusals.delete(target);
    this.#refusals.set(target, Date.now());
    if (this.#refusals.size <= mostRefusals) return;
    for (const oldest of this.#refusals.keys()) {
      this.#refusals.delete(oldest);
      return;
    }
  }

  /** Stores a request's result, of any state, for whoever awaits it. */
  async store(
    state: { readonly id: string; readonly status: TaskState; readonly value: Packed },
    to: ResultAddress,
    details: ResultDetails = {},
  ): Promise<void> {
    const result = storedResult(state.id, state.status, state.value, details);
    await persist(() => this.#backend.store(result, to), this.#log);
  }

  async #park({ message, route }: OutgoingMessage, from: string, why: string): Promise<void> {
    const encoded = encodeTask(message, route);
    const headers = { ...encoded.headers, "ligature-undeliverable": why };
    const parked = { ...encoded, exchange: "", routingKey: deadLetterQueue(from), headers };
    const publish = (): Promise<void> => this.#broker.publish(parked, { giveUpAt: asLongAsItTakes });
    try {
      await persist(publish, this.#log);
    } catch (error) {
      // Somebody has deleted it.
      const queue = this.#queues.find(({ name }) => name === from);
      if (!isLastingRefusal(error) || queue === undefined) throw error;
      await persist(() => this.#broker.declare({ kind: "task", spec: queue }, { giveUpAt: asLongAsItTakes }), this.#log);
      await persist(publish, this.#log);
    }
  }

  #queuesOf({ task }: TaskMessage): readonly QueueSpec[] {
    const known = this.#findTask(task);
    return known === undefined ? [] : [known.spec.queue];
  }
}

/** Answers a request that could not be sent as one that has failed. @param from the queue of the request that owes it */
type FailUnsent = (message: TaskMessage, from: string, error: LigatureError) => Promise<void>;

const nothing: Outgoing = { chords: [], messages: [] };

/** What answering takes. */
export interface AnswersEnvironment {
  readonly outbox: Outbox;
  readonly openOnce: OpenOnce;
  readonly log: Logger;
}

/** Waits for all, even when one fails: a half-sent ending must not be acknowledged or retried meanwhile. */
export async function allSettled(work: readonly Promise<void>[]): Promise<void> {
  const [only] = work;
  if (only !== undefined && work.length === 1) return only;
  for (const result of await Promise.allSettled(work)) {
    if (result.status === "rejected") throw result.reason;
  }
}
