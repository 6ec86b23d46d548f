import type { Broker } from "../../broker/index.ts";
import { LigatureError } from "../../errors/index.ts";
import type { Logger } from "../../logging/index.ts";
import { decodeResult, isFinal, type ResultOrigin, type StoredResult } from "../../protocol/index.ts";
import { after, type Timer } from "../../timing/index.ts";
import type { Watch, ResultListener } from "../backend.ts";
import { tell, type Watcher } from "../watchers.ts";
import { latestResultQueue } from "./latest-result.ts";

const firstPause = 50;
const longestPause = 10_000;

export interface AttachOptions {
  readonly broker: Broker;
  readonly log: Logger;
  /** Our own reply queue. */
  readonly replyTo: string;
  /** Resolves when our reply queue is consumed from. */
  readonly start: () => Promise<void>;
  /** Looks after a reply queue from now on; what it returns ends that. */
  readonly lookAfter: (replyTo: string) => () => void;
}

/**
 * Watches a task that another process sent, or this one in an earlier life. Copies of what comes for it go to our own
 * reply queue from when that is bound; what came before is in its latest-result queue. Who looks into that while somebody else
 * does may see nothing, so it is looked into again, ever less often; that also keeps it from expiring.
 */
export class AttachedWatch implements Watch {
  readonly caughtUp: Promise<void>;
  readonly #watcher: Watcher;
  readonly #from: ResultOrigin;
  readonly #options: AttachOptions;
  readonly #listener: ResultListener;
  /** The end has been told. It may have been found in the latest-result queue while earlier states were still on their way here. */
  #hasEnded = false;
  /** Whether anything has come by itself: then what the latest-result queue says may be older, unless it is the end. */
  #isLive = false;
  #lastSeen: Uint8Array | undefined;
  #release: (() => void) | undefined;
  #isBound = false;
  #timer: Timer | undefined;
  #closed = false;

  constructor(watcher: Watcher, from: ResultOrigin, listener: ResultListener, options: AttachOptions) {
    this.#watcher = watcher;
    this.#from = from;
    this.#listener = listener;
    this.#options = options;
    this.caughtUp = this.#begin();
    // Not everybody asks.
    this.caughtUp.catch(() => {});
  }

  /** It came on our reply queue. */
  received(result: StoredResult): void {
    this.#isLive = true;
    this.#notify(result);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.cancel();
    this.#watcher.close();
    this.#release?.();
    if (!this.#isBound) return;
    const { broker, replyTo, log } = this.#options;
    broker.unbind(replyTo, this.#watcher.id).catch((error: unknown) => {
      log.debug({ err: error, id: this.#watcher.id }, "A reply queue could not be unbound; that goes with the queue.");
    });
  }

  async #begin(): Promise<void> {
    let wait = firstPause;
    try {
      await this.#setUp();
      if (await this.#look()) wait = longestPause;
    } catch (error) {
      if (error instanceof LigatureError && error.code === "CLOSED") return;
      this.#again(wait);
      throw error;
    }
    this.#again(wait);
  }

  async #setUp(): Promise<void> {
    const { broker, replyTo, start, lookAfter } = this.#options;
    const { id } = this.#watcher;
    await start();
    // Whoever kept the result may have died before it could.
    await broker.declare({ kind: "latest-result", name: latestResultQueue(id), key: id, expires: this.#from.expires });
    if (this.#closed) return;
    if (replyTo !== this.#from.replyTo) {
      await broker.bind(replyTo, id);
      this.#isBound = true;
      this.#release ??= lookAfter(this.#from.replyTo);
      if (this.#closed) this.#release();
    }
  }

  /** Resolves with whether there was anything in the latest-result queue. */
  async #look(): Promise<boolean> {
    if (this.#closed) return true;
    const message = await this.#options.broker.peek(latestResultQueue(this.#watcher.id));
    if (message === undefined || this.#closed) return message !== undefined;
    const isNew = this.#lastSeen === undefined || Buffer.compare(this.#lastSeen, message.body) !== 0;
    this.#lastSeen = message.body;
    const result = decodeResult(message);
    if (isFinal(result.status) || (isNew && !this.#isLive)) this.#notify(result);
    return true;
  }

  #notify(result: StoredResult): void {
    if (this.#hasEnded) return;
    this.#hasEnded = isFinal(result.status);
    tell(this.#listener, result);
  }

  #again(wait: number): void {
    if (this.#closed) return;
    // Those who found the queue empty because all looked at once must not do so again.
    const jittered = wait * (0.25 + 1.5 * Math.random());
    this.#timer = after(jittered, () => void this.#repeat(wait), { ref: false });
  }

  async #repeat(wait: number): Promise<void> {
    const { log } = this.#options;
    try {
      if (this.#release === undefined && !this.#isBound) await this.#setUp();
      await this.#look();
    } catch (error) {
      if (!(error instanceof LigatureError) || error.code === "CLOSED") return;
      if (error.code === "UNROUTABLE") {
        log.warn({ id: this.#watcher.id }, "Somebody has deleted what was kept of a result that is waited for here.");
        return;
      }
      log.debug({ err: error, id: this.#watcher.id }, "A kept result could not be looked into; trying again.");
    }
    this.#again(Math.min(wait * 1.5, longestPause));
  }
}
