import type { ChordBarrier } from "../backend/index.ts";
import { entryQueue, isLastingRefusal, persist, type Broker } from "../broker/index.ts";
import type { QueueSpec } from "../contract/index.ts";
import { LigatureError } from "../errors/index.ts";
import type { Logger } from "../logging/index.ts";
import { encodeTask, type Outgoing, type OutgoingMessage } from "../protocol/index.ts";
import { unlessAborted } from "../timing/index.ts";
import { inWindow } from "./in-window.ts";

/** Messages of one workflow that may be unconfirmed at a time. */
const widest = 500;

/** In place of a moment to give up at: a worker can wait for a broker that is away, and asks again one that refuses. */
export const asLongAsItTakes: number = Number.POSITIVE_INFINITY;

/**
 * Publishes requests, for callers and workers alike. What becomes of one that no queue takes is its caller's business.
 */
export class Publisher {
  readonly #broker: Broker;
  readonly #chords: ChordBarrier;
  readonly #log: Logger;
  /** So that one workflow leaves room for others. */
  readonly #width: number;
  /** Queues that the broker has been asked for; it declares them again by itself after a reconnect. */
  readonly #declared = new WeakSet<QueueSpec>();

  constructor(options: {
    readonly broker: Broker;
    readonly chords: ChordBarrier;
    readonly log: Logger;
    readonly maxUnconfirmed: number;
  }) {
    this.#broker = options.broker;
    this.#chords = options.chords;
    this.#log = options.log;
    this.#width = Math.max(1, Math.min(widest, Math.floor(options.maxUnconfirmed / 2)));
  }

  /** Whether all are made sure of. */
  hasDeclared(queues: Iterable<QueueSpec>): boolean {
    for (const queue of queues) if (!this.#declared.has(queue)) return false;
    return true;
  }

  /** The error of what could not wait any longer, with what keeps the broker. @param what `lab.add was not sent` */
  notSent(what: string): LigatureError {
    return this.#broker.notSent(what);
  }

  /** Makes sure of queues, each once. @param giveUpAt epoch milliseconds, or {@link asLongAsItTakes} */
  async declare(queues: Iterable<QueueSpec>, giveUpAt: number): Promise<void> {
    for (const queue of queues) {
      if (this.#declared.has(queue)) continue;
      await this.#broker.declare({ kind: "task", spec: queue }, { giveUpAt });
      this.#declared.add(queue);
    }
  }

  /**
   * Opens the chords, before any of their members can end; then sends the messages, so many at a time. After the first that
   * fails no other is sent; rejects with its error once those under way have ended.
   * @param send how each is sent: by {@link Publisher.publish}, with what the caller does besides
   */
  async start(
    { chords, messages }: Outgoing,
    giveUpAt: number,
    send: (message: OutgoingMessage) => Promise<void>,
  ): Promise<void> {
    const options = giveUpAt === asLongAsItTakes ? undefined : { giveUpAt };
    await inWindow(chords, this.#width, (chord) => this.#attempt(() => this.#chords.open(chord, options), giveUpAt));
    const [only] = messages;
    if (only !== undefined && messages.length === 1) await send(only);
    else await inWindow(messages, this.#width, send);
  }

  /**
   * Resolves when the broker has the request.
   * @param queues what is known of the queues that it, and all that travels in it, needs: if it comes back since its own is
   * missing, they are declared
   * @param giveUpAt epoch milliseconds, or {@link asLongAsItTakes}
   * @throws LigatureError what `Broker.publish` throws; when it may take as long as it takes, only what trying again can't help
   * @param signal gives it up
   */
  async publish(
    { message, route, delay }: OutgoingMessage,
    queues: () => readonly QueueSpec[],
    giveUpAt: number,
    signal?: AbortSignal,
  ): Promise<void> {
    const encoded = encodeTask(message, route);
    const publish = (): Promise<void> => this.#broker.publish(encoded, { delay, giveUpAt, signal });
    const unless = isLastingRefusal;
    try {
      await this.#attempt(publish, giveUpAt, unless);
    } catch (error) {
      // The queue may not exist yet, or may have been deleted since it was declared; what was returned has not been sent.
      if (!(error instanceof LigatureError) || error.code !== "UNROUTABLE") throw error;
      const known = queues();
      if (!known.some(({ name }) => name === route.routingKey || entryQueue(name) === route.routingKey)) throw error;
      for (const queue of known) this.#declared.delete(queue);
      const declared = this.#attempt(() => this.declare(known, giveUpAt), giveUpAt, unless);
      await unlessAborted(
        declared,
        signal,
        () => new LigatureError("ABORTED", `${message.task} was not sent: its signal was aborted first.`),
      );
      await this.#attempt(publish, giveUpAt, unless);
    }
  }

  #attempt(attempt: () => Promise<void>, giveUpAt: number, unless?: (error: unknown) => boolean): Promise<void> {
    return giveUpAt === asLongAsItTakes ? persist(attempt, this.#log, unless) : attempt();
  }
}
