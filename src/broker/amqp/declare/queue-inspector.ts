import { setTimeout as pause } from "node:timers/promises";
import { LigatureError } from "../../../errors/index.ts";
import { within } from "../../../timing/index.ts";
import { type Connection, declarationError, isChannelLost, KeptChannel, refusalIn } from "../connection/index.ts";
import type { QueueStatus } from "../../broker.ts";

/** Milliseconds until a channel that closed for no reason is replaced. */
const retryPause = 200;

/** A question that hasn't been asked for yet; whoever comes until then shares it. */
interface Job {
  readonly done: Promise<QueueStatus | undefined>;
  /** The latest of those who wait. */
  giveUpAt: number;
}

/**
 * Asks how many messages are ready in queues, and how many consume, one question at a time on a channel apart: RabbitMQ
 * answers for a queue that isn't there by closing the channel.
 */
export class QueueInspector {
  readonly #connection: () => Connection;
  readonly #notSent: (what: string) => LigatureError;
  readonly #waiting = new Map<string, Job>();
  readonly #channel = new KeptChannel();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: {
    readonly connection: () => Connection;
    /** The error for whoever waited in vain. */
    readonly notSent: (what: string) => LigatureError;
  }) {
    this.#connection = options.connection;
    this.#notSent = options.notSent;
  }

  /** @throws LigatureError `NOT_SENT` | `REFUSED` | `QUEUE_MISMATCH` | `CLOSED` */
  ask(queue: string, giveUpAt: number): Promise<QueueStatus | undefined> {
    let job = this.#waiting.get(queue);
    if (job === undefined) {
      const done = this.#turn.then(() => this.#ask(queue));
      this.#turn = done.catch(() => {});
      job = { giveUpAt, done };
      this.#waiting.set(queue, job);
    }
    job.giveUpAt = Math.max(job.giveUpAt, giveUpAt);
    return within(job.done, giveUpAt, () => this.#notSent(`The messages in queue "${queue}" were not counted`));
  }

  async #ask(queue: string): Promise<QueueStatus | undefined> {
    const job = this.#waiting.get(queue);
    for (;;) {
      const model = await this.#connection().connected();
      // From here on a new question needs a new answer.
      this.#waiting.delete(queue);
      try {
        const { messageCount, consumerCount } = await this.#channel.use(model, (channel) => channel.checkQueue(queue));
        return { ready: messageCount, consumers: consumerCount };
      } catch (error) {
        const refusal = refusalIn(error);
        if (refusal?.code === 404) return undefined;
        const what = `queue "${queue}"`;
        if (refusal !== undefined) throw declarationError(refusal, what);
        if (this.#connection().model === model && !isChannelLost(error))
          throw new LigatureError("REFUSED", `The messages in ${what} can't be counted: ${String(error)}.`, { cause: error });
        // The channel or its connection went, so this waits for the next, unless nobody wants it any more.
        if ((job?.giveUpAt ?? 0) < Date.now()) throw this.#notSent(`The messages in ${what} were not counted`);
        if (this.#connection().model === model) await pause(retryPause);
      }
    }
  }
}
