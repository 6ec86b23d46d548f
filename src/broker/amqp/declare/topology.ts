import type { Channel, ChannelModel } from "amqplib";
import type { Logger } from "../../../logging/index.ts";
import { LigatureError } from "../../../errors/index.ts";
import { deadLetterQueue, entryQueue } from "../../broker.ts";
import { pause, within } from "../../../timing/index.ts";
import {
  answered,
  type ChannelRefusal,
  type Connection,
  declarationError,
  isChannelLost,
  KeptChannel,
  openChannel,
  refusalIn,
} from "../connection/index.ts";

/** Milliseconds until a channel that closed for no reason is replaced. */
const retryPause = 200;

/** Something that must exist in the broker before something else can be done: queues, exchanges, bindings. */
export interface Declaration {
  /** Declarations with one key are the same declaration. */
  readonly key: string;
  /** For errors: `queue "images"`. */
  readonly what: string;
  /** The queue to declare again when a consumer finds it gone. */
  readonly queue?: string;
  /** Declared again after every reconnect, by itself; others when they are next needed. */
  readonly lasting?: boolean;
  /** Not remembered: who asks for it again wants it declared again. */
  readonly momentary?: boolean;
  /** For what is somebody else's: used as it is, where it exists. Is refused with 404, and closes its channel, where it doesn't. */
  found?(channel: Channel): Promise<void>;
  /** The channel is its own while it runs, and may be closed by the broker's refusal. */
  run(channel: Channel): Promise<void>;
  /** What is done instead, on another channel, when the broker refuses that for one reason. */
  readonly instead?: {
    isFor(refusal: ChannelRefusal): boolean;
    /** For the log. */
    readonly why: string;
    run(channel: Channel): Promise<void>;
  };
  /** The opposite, of what can be undone. */
  revert?(channel: Channel): Promise<void>;
}

/** A declaration that somebody waits for. */
interface Job {
  readonly done: Promise<void>;
  /** The latest of those who wait. */
  giveUpAt: number;
}

/**
 * Makes sure that things exist, once per connection. Declarations run one after the other on a channel of their
 * own: a refused one closes it, and must not take others along. Those who ask for the same at the same time wait
 * for one; a lost connection makes it start again.
 */
export class Topology {
  readonly #log: Logger;
  readonly #notSent: (what: string) => LigatureError;
  readonly #connection: () => Connection;
  /** Keys of what exists, as far as this connection knows. */
  readonly #held = new Set<string>();
  /** Keys of what was declared in another way, which is told once. */
  readonly #told = new Set<string>();
  readonly #lasting = new Map<string, Declaration>();
  readonly #jobs = new Map<string, Job>();
  readonly #channel = new KeptChannel();
  /** The connection on which `#held` exists. */
  #model: ChannelModel | undefined;
  /** The end of the declaration that runs now. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: {
    readonly connection: () => Connection;
    readonly log: Logger;
    /** The error for whoever waited in vain. */
    readonly notSent: (what: string) => LigatureError;
  }) {
    this.#connection = options.connection;
    this.#log = options.log;
    this.#notSent = options.notSent;
  }

  holds(declaration: Declaration): boolean {
    return this.#held.has(declaration.key);
  }

  /** It may be missing: it is declared again when it is next needed. */
  forget(declaration: Declaration): void {
    this.#held.delete(declaration.key);
  }

  forgetQueue(name: string): void {
    for (const declaration of this.#lasting.values()) {
      const { queue } = declaration;
      if (queue !== undefined && (isPartOf(queue, name) || deadLetterQueue(queue) === name)) this.forget(declaration);
    }
  }

  forgetAll(): void {
    this.#held.clear();
  }

  /** @throws LigatureError `QUEUE_MISMATCH` | `UNROUTABLE` | `REFUSED` | `NOT_SENT` | `CLOSED` */
  ensure(declaration: Declaration, giveUpAt: number): Promise<void> {
    if (this.#held.has(declaration.key)) return Promise.resolve();
    let job = this.#jobs.get(declaration.key);
    if (job === undefined) {
      job = { giveUpAt, done: Promise.resolve().then(() => this.#perform(declaration)) };
      this.#jobs.set(declaration.key, job);
    }
    job.giveUpAt = Math.max(job.giveUpAt, giveUpAt);
    return within(job.done, giveUpAt, () => this.#notSent(declaration.what));
  }

  /** Declares a queue again that was found missing. Resolves with false when nobody declared it here before. */
  async restoreQueue(name: string): Promise<boolean> {
    let found = false;
    // The queue first, then what is bound to it: in the order in which they were declared.
    for (const declaration of this.#lasting.values()) {
      if (declaration.queue === undefined || !isPartOf(declaration.queue, name)) continue;
      this.#held.delete(declaration.key);
      await this.ensure(declaration, Number.POSITIVE_INFINITY);
      found = true;
    }
    return found;
  }

  /** Undoes a lasting declaration, if there is a connection now, and makes it no more. */
  async undo(declaration: Declaration): Promise<void> {
    this.#lasting.delete(declaration.key);
    this.#held.delete(declaration.key);
    const { model } = this.#connection();
    if (model === undefined) return;
    const run = async (channel: Channel): Promise<void> => declaration.revert?.(channel);
    await this.#tryOnce(model, { key: `undo ${declaration.key}`, what: declaration.what, momentary: true, run });
  }

  /**
   * Deletes a queue, if there is a connection now, and declares it no more.
   * @param other a connection that does as well: after an outage one is back seconds before the other
   * @param blocked RabbitMQ reads nothing from our own connection
   */
  async removeQueue(name: string, other: ChannelModel | undefined, blocked: boolean): Promise<void> {
    for (const [key, declaration] of this.#lasting) {
      if (declaration.queue !== name) continue;
      this.#lasting.delete(key);
      this.#held.delete(key);
    }
    const { model } = this.#connection();
    const run = async (channel: Channel): Promise<void> => void (await channel.deleteQueue(name));
    if (model !== undefined && !blocked) {
      await this.#tryOnce(model, { key: `delete ${name}`, what: `queue "${name}"`, momentary: true, run });
    } else if (other !== undefined) {
      try {
        const channel = await openChannel(other, () => {});
        await answered(channel, run(channel));
        await answered(channel, channel.close());
      } catch {
        // Lost meanwhile, which is as good as none.
      }
    }
  }

  /** On a new connection, before anything is published: the broker may have lost its queues meanwhile. */
  async restore(model: ChannelModel): Promise<void> {
    this.#held.clear();
    this.#model = model;
    for (const declaration of this.#lasting.values()) {
      try {
        await this.#run(model, declaration);
      } catch (error) {
        const refusal = refusalIn(error);
        if (refusal === undefined) throw error;
        this.#log.error(
          { err: declarationError(refusal, declaration.what) },
          "a queue could not be declared again after a reconnect",
        );
      }
    }
  }

  async #perform(declaration: Declaration): Promise<void> {
    const { key, what } = declaration;
    try {
      for (;;) {
        const model = await this.#connection().connected();
        try {
          if (!this.#held.has(key)) await this.#run(model, declaration);
          if (declaration.lasting === true) this.#lasting.set(key, declaration);
          return;
        } catch (error) {
          const refusal = refusalIn(error);
          if (refusal !== undefined) throw declarationError(refusal, what);
          if (this.#connection().model === model && !isChannelLost(error))
            throw new LigatureError("REFUSED", `${what} can't be declared: ${String(error)}.`, { cause: error });
          // The channel or its connection went, so this waits for the next, unless nobody wants it any more.
          if ((this.#jobs.get(key)?.giveUpAt ?? 0) < Date.now()) throw this.#notSent(what);
          if (this.#connection().model === model) await pause(retryPause);
        }
      }
    } finally {
      this.#jobs.delete(key);
    }
  }

  /** A connection that is lost meanwhile is as good as none. */
  async #tryOnce(model: ChannelModel, declaration: Declaration): Promise<void> {
    try {
      await this.#run(model, declaration);
    } catch (error) {
      const refusal = refusalIn(error);
      if (refusal !== undefined) throw declarationError(refusal, declaration.what);
    }
  }

  async #declare(model: ChannelModel, declaration: Declaration): Promise<void> {
    const { instead, key } = declaration;
    try {
      await this.#channel.use(model, (channel) => declaration.run(channel));
    } catch (error) {
      const refusal = refusalIn(error);
      if (instead === undefined || refusal === undefined || !instead.isFor(refusal)) throw error;
      if (!this.#told.has(key)) this.#log.warn({ reason: refusal.reason }, instead.why);
      this.#told.add(key);
      await this.#channel.use(model, (channel) => instead.run(channel));
    }
  }

  /** Waits for its turn, then has the channel to itself. */
  #run(model: ChannelModel, declaration: Declaration): Promise<void> {
    const run = this.#turn.then(async () => {
      if (!(await this.#isFound(model, declaration))) await this.#declare(model, declaration);
      // What was declared on a connection that is gone has to be declared again.
      if (declaration.momentary !== true && this.#model === model) this.#held.add(declaration.key);
    });
    this.#turn = run.catch(() => {});
    return run;
  }

  async #isFound(model: ChannelModel, declaration: Declaration): Promise<boolean> {
    if (declaration.found === undefined) return false;
    try {
      await this.#channel.use(model, (channel) => declaration.found?.(channel) ?? Promise.resolve());
      return true;
    } catch (error) {
      if (refusalIn(error)?.code !== 404) throw error;
      return false;
    }
  }
}

/** Whether it is the queue, or its entry, which is declared with it. */
function isPartOf(queue: string, name: string): boolean {
  return name === queue || name === entryQueue(queue);
}
