import { LigatureError } from "../../errors/index.ts";
import type { Logger } from "../../logging/index.ts";
import { persist, type Broker } from "../../broker/index.ts";
import { isFinal, type Message, type StoredResult } from "../../protocol/index.ts";
import { copyOfLatest, latestResultQueue, latestResult } from "./latest-result.ts";

interface Kept {
  /** Settled when its latest-result queue, and what had come before, is there, or can't be. */
  readonly safe: Promise<void>;
  /** The end of what is on its way to its latest-result queue: the declaration, then one state after the other. */
  done: Promise<void>;
  /** Its end is in the latest-result queue. */
  ended: boolean;
}

/**
 * The results of our own requests that others may want: each has a latest-result queue, which holds its latest state. Nothing
 * that comes for one of them is acknowledged before it is there.
 */
export class KeptResults {
  readonly #broker: Broker;
  readonly #log: Logger;
  readonly #expires: number;
  readonly #replyTo: string;
  readonly #kept = new Map<string, Kept>();

  constructor(options: { readonly broker: Broker; readonly log: Logger; readonly expires: number; readonly replyTo: string }) {
    this.#broker = options.broker;
    this.#log = options.log;
    this.#expires = options.expires;
    this.#replyTo = options.replyTo;
  }

  /**
   * Resolves when it is safe: its latest-result queue is there, with what had come already. Rejects when that can't be done in time;
   * then nothing is kept, and it can be tried again.
   * @param latest what has come already, which is acknowledged
   */
  keep(id: string, latest: StoredResult | undefined): Promise<void> {
    const before = this.#kept.get(id);
    if (before !== undefined) return before.safe;
    const safe = this.#open(id, latest);
    const done = safe.then(
      () => {
        if (latest !== undefined && isFinal(latest.status)) this.#end(id, kept);
      },
      (error: unknown) => {
        if (this.#kept.get(id) === kept) this.#kept.delete(id);
        if (error instanceof LigatureError && error.code === "CLOSED") throw error;
      },
    );
    done.catch(() => {});
    const kept: Kept = { safe, done, ended: false };
    this.#kept.set(id, kept);
    return safe;
  }

  has(id: string): boolean {
    return this.#kept.has(id);
  }

  /** Resolves when a state that came for a kept result is in its latest-result queue. Rejects only when the broker is closed. */
  async forward(id: string, message: Message, status: string): Promise<void> {
    const kept = this.#kept.get(id);
    if (kept !== undefined) await this.#put(id, kept, copyOfLatest(id, message, this.#replyTo), isFinal(status));
  }

  /** From now on it is nobody's but ours. */
  async forget(id: string): Promise<void> {
    const kept = this.#kept.get(id);
    this.#kept.delete(id);
    await kept?.done;
    await this.#broker.deleteQueue(latestResultQueue(id));
  }

  /** Resolves when nothing is on its way, with whether any of them hasn't ended yet. */
  async settled(): Promise<boolean> {
    await Promise.all([...this.#kept.values()].map(({ done }) => done));
    return [...this.#kept.values()].some(({ ended }) => !ended);
  }

  /** Its end has come, by way of another process that took it from our reply queue. */
  ended(id: string): void {
    const kept = this.#kept.get(id);
    if (kept !== undefined) this.#end(id, kept);
  }

  async #open(id: string, latest: StoredResult | undefined): Promise<void> {
    await this.#broker.declare({ kind: "latest-result", name: latestResultQueue(id), key: id, expires: this.#expires });
    // While our connection is lost, others may take what comes for us, and pass it on.
    await this.#broker.bind(this.#replyTo, id);
    if (latest !== undefined) await this.#broker.publish(latestResult(id, latest, this.#replyTo));
  }

  #end(id: string, kept: Kept): void {
    if (kept.ended) return;
    kept.ended = true;
    this.#broker.unbind(this.#replyTo, id).catch((error: unknown) => {
      this.#log.debug({ err: error, id }, "A reply queue could not be unbound; that goes with the queue.");
    });
  }

  #put(id: string, kept: Kept, message: Message, isEnd: boolean): Promise<void> {
    const before = kept.done;
    kept.done = this.#trying(id, async () => {
      await before;
      // Unless it could not be kept, or has been forgotten meanwhile.
      if (this.#kept.get(id) === kept) await this.#broker.publish(message);
    }).then(() => {
      if (isEnd) this.#end(id, kept);
    });
    // Whoever waits for `forward` is told of a closed broker; nobody else needs to be.
    kept.done.catch(() => {});
    return kept.done;
  }

  async #trying(id: string, attempt: () => Promise<void>): Promise<void> {
    try {
      await persist(attempt, this.#log);
    } catch (error) {
      if (!(error instanceof LigatureError) || error.code === "CLOSED") throw error;
      if (error.code === "UNROUTABLE") return;
      // Nothing can mend this; the result itself is delivered here all the same.
      this.#log.error({ err: error, id }, "A result can't be kept for other processes; only this one will receive it.");
    }
  }
}
