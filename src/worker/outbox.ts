import type { ResultAddress, ResultBackend } from "../backend/index.ts";
import { deadLetterQueue, persist, type Broker } from "../broker/index.ts";
import { LigatureError } from "../errors/index.ts";
import type { Logger } from "../logging/index.ts";
import { encodeTask, type Route, type StoredResult, type TaskMessage } from "../protocol/index.ts";
import type { TaskRef } from "../signature/index.ts";

/** A message that a finished request owes somebody. */
export interface Owed {
  readonly message: TaskMessage;
  readonly route: Route;
  readonly delay: number;
}

/** A worker can wait for a broker that is away: the request isn't acknowledged before all of this has arrived. */
const asLongAsItTakes = Number.POSITIVE_INFINITY;

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
