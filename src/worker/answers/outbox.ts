import type { ChordBarrier, ResultAddress, ResultBackend } from "../../backend/index.ts";
import { deadLetterQueue, persist, type Broker } from "../../broker/index.ts";
import { LigatureError } from "../../errors/index.ts";
import type { Logger } from "../../logging/index.ts";
import { encodeTask, type Route, type Start, type StoredResult, type TaskMessage } from "../../protocol/index.ts";
import type { TaskRef } from "../../signature/index.ts";

/** A message that a finished request owes somebody. */
export interface Owed {
  readonly message: TaskMessage;
  readonly route: Route;
  readonly delay: number;
}

/** A worker can wait for a broker that is away: the request isn't acknowledged before all of this has arrived. */
const asLongAsItTakes = Number.POSITIVE_INFINITY;
/** How many messages of one group are on their way at a time: the broker bounds those that are unconfirmed. */
const window = 500;

/**
 * What leaves a worker: successors, retries and results. Resolves only when the broker has confirmed, so
 * that the request can be acknowledged; what can't be routed ends in the dead-letter queue, never nowhere.
 */
export class Outbox {
  readonly #broker: Broker;
  readonly #backend: ResultBackend;
  readonly #log: Logger;
  readonly #findTask: (name: string) => TaskRef | undefined;

  constructor(options: {
    readonly broker: Broker;
    readonly backend: ResultBackend;
    readonly log: Logger;
    /** Tasks of the contract packages that this program knows, by wire name. */
    readonly findTask: (name: string) => TaskRef | undefined;
  }) {
    this.#broker = options.broker;
    this.#backend = options.backend;
    this.#log = options.log;
    this.#findTask = options.findTask;
  }

  /** Joins the results of chords. */
  get chords(): ChordBarrier {
    return this.#backend.chords;
  }

  /** Chords are opened before any of their members can end. */
  async start({ chords, messages }: Start, from: string): Promise<void> {
    for (const chord of chords) await persist(() => this.#backend.chords.open(chord), this.#log);
    const [only] = messages;
    if (only !== undefined && messages.length === 1) return this.send(only, from);
    for (let sent = 0; sent < messages.length; sent += window) {
      await allSettled(messages.slice(sent, sent + window).map((message) => this.send(message, from)));
    }
  }

  /** @param from the queue of the request that owes it; its dead-letter queue takes what nobody can */
  async send(owed: Owed, from: string): Promise<void> {
    const message = encodeTask(owed.message, owed.route);
    const publish = (): Promise<void> => this.#broker.publish(message, { delay: owed.delay, giveUpAt: asLongAsItTakes });
    try {
      await persist(publish, this.#log);
    } catch (error) {
      if (!(error instanceof LigatureError) || error.code !== "UNROUTABLE") throw error;
      // The queue may only not exist yet; when we hold its contract we can make it.
      const known = this.#findTask(owed.message.task);
      if (known !== undefined && known.spec.queue.name === owed.route.routingKey) {
        await this.#broker.declareQueue(known.spec.queue, { giveUpAt: asLongAsItTakes });
        await persist(publish, this.#log);
        return;
      }
      this.#log.error(
        { task: owed.message.task, id: owed.message.id, queue: deadLetterQueue(from), error },
        "a callback can't be delivered and goes to the dead-letter queue",
      );
      const parked = {
        ...message,
        exchange: "",
        routingKey: deadLetterQueue(from),
        headers: { ...message.headers, "ligature-undeliverable": error.rawMessage },
      };
      await persist(() => this.#broker.publish(parked, { giveUpAt: asLongAsItTakes }), this.#log);
    }
  }

  async store(result: StoredResult, to: ResultAddress): Promise<void> {
    await persist(() => this.#backend.store(result, to), this.#log);
  }
}

/** What answering takes. */
export interface AnswersEnvironment {
  readonly outbox: Outbox;
  readonly log: Logger;
  readonly defaultQueue: string;
}

/** Waits for all, even when one fails: a half-sent ending must not be acknowledged or retried meanwhile. */
export async function allSettled(work: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) {
    if (result.status === "rejected") throw result.reason;
  }
}
