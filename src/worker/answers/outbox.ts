import { randomUUID } from "node:crypto";
import type { ChordBarrier, ResultAddress, ResultBackend } from "../../backend/index.ts";
import { deadLetterQueue, persist, type Broker } from "../../broker/index.ts";
import { LigatureError } from "../../errors/index.ts";
import type { Logger } from "../../logging/index.ts";
import { asLongAsItTakes, type Publisher } from "../../outgoing/index.ts";
import {
  encodeTask,
  outgoingOf,
  type Packed,
  type Outgoing,
  type OutgoingMessage,
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

/**
 * What leaves a worker: successors, retries and results. Resolves only when the broker has confirmed, so
 * that the request can be acknowledged; what can't be routed ends in the dead-letter queue, never nowhere.
 */
export class Outbox {
  readonly #broker: Broker;
  readonly #backend: ResultBackend;
  readonly #publisher: Publisher;
  readonly #log: Logger;
  readonly #defaultQueue: string;
  readonly #findTask: (name: string) => TaskRef | undefined;

  constructor(options: {
    readonly broker: Broker;
    readonly backend: ResultBackend;
    readonly publisher: Publisher;
    readonly log: Logger;
    /** Where signatures go that name no queue. */
    readonly defaultQueue: string;
    /** Tasks of the contract packages that this program knows, by wire name. */
    readonly findTask: (name: string) => TaskRef | undefined;
  }) {
    this.#broker = options.broker;
    this.#backend = options.backend;
    this.#publisher = options.publisher;
    this.#log = options.log;
    this.#defaultQueue = options.defaultQueue;
    this.#findTask = options.findTask;
  }

  /** Joins the results of chords. */
  get chords(): ChordBarrier {
    return this.#backend.chords;
  }

  /** The context in which a request starts others. */
  contextOf(parent: TaskMessage): Omit<SuccessorContext, keyof SuccessorGiven> {
    return { now: Date.now(), newId: randomUUID, parent, defaultQueue: this.#defaultQueue };
  }

  /**
   * What starting a successor takes; nothing when it can't be started, which is logged: requests with such successors are
   * refused before they run, as far as that can be seen (checkSuccessors).
   * @param otherwise called with the error when it can't be started
   */
  successor(
    signature: WireSignature,
    given: SuccessorGiven,
    parent: TaskMessage,
    otherwise?: (error: unknown) => void,
  ): Outgoing {
    try {
      return outgoingOf(signature, { ...this.contextOf(parent), ...given });
    } catch (error) {
      this.#log.error({ task: signature.task, parent: parent.id, error }, "a successor can't be sent");
      otherwise?.(error);
      return nothing;
    }
  }

  /** @param from the queue of the request that owes it; its dead-letter queue takes what nobody can */
  async start(outgoing: Outgoing, from: string): Promise<void> {
    await this.#publisher.start(outgoing, asLongAsItTakes, (message) => this.send(message, from));
  }

  /** @param from the queue of the request that owes it; its dead-letter queue takes what nobody can */
  async send(outgoing: OutgoingMessage, from: string): Promise<void> {
    const { message } = outgoing;
    try {
      await this.#publisher.publish(outgoing, () => this.#queuesOf(message), asLongAsItTakes);
    } catch (error) {
      if (!(error instanceof LigatureError) || error.code !== "UNROUTABLE") throw error;
      this.#log.error(
        { task: message.task, id: message.id, queue: deadLetterQueue(from), error },
        "a callback can't be delivered and goes to the dead-letter queue",
      );
      await this.#park(outgoing, deadLetterQueue(from), error.rawMessage);
    }
  }

  /** Stores a request's result, of any state, for whoever awaits it. */
  async store(
    state: { readonly id: string; readonly status: TaskState; readonly value: Packed },
    to: ResultAddress,
    { traceback = null, children = [] }: { readonly traceback?: string | null; readonly children?: readonly unknown[] } = {},
  ): Promise<void> {
    const { id, status, value } = state;
    const result = {
      task_id: id,
      status,
      result: value.json ?? null,
      traceback,
      children,
      ...(value.meta !== undefined && { ligature: { meta: value.meta } }),
    };
    await persist(() => this.#backend.store(result, to), this.#log);
  }

  async #park({ message, route }: OutgoingMessage, queue: string, why: string): Promise<void> {
    const encoded = encodeTask(message, route);
    const headers = { ...encoded.headers, "ligature-undeliverable": why };
    const parked = { ...encoded, exchange: "", routingKey: queue, headers };
    await persist(() => this.#broker.publish(parked, { giveUpAt: asLongAsItTakes }), this.#log);
  }

  #queuesOf({ task }: TaskMessage): readonly [TaskRef["spec"]["queue"]] | readonly [] {
    const known = this.#findTask(task);
    return known === undefined ? [] : [known.spec.queue];
  }
}

const nothing: Outgoing = { chords: [], messages: [] };

/** What answering takes. */
export interface AnswersEnvironment {
  readonly outbox: Outbox;
  readonly log: Logger;
}

/** Waits for all, even when one fails: a half-sent ending must not be acknowledged or retried meanwhile. */
export async function allSettled(work: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) {
    if (result.status === "rejected") throw result.reason;
  }
}
