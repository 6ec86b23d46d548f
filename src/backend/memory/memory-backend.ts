import type { Held } from "../../broker/memory/index.ts";
import { LigatureError } from "../../errors/index.ts";
import { decodeResult, encodeResult, type StoredResult } from "../../protocol/index.ts";
import type { BackendOptions, ResultAddress, ResultBackend, Watch, ResultListener } from "../backend.ts";
import type { ChordBarrier } from "../chord-barrier.ts";
import { QueueBarrier } from "../queue-barrier/index.ts";
import { Watchers, type Watcher } from "../watchers.ts";
import type { ResultMessage, ResultStore } from "./result-store.ts";

/**
 * One app's view of a store. Results go through the wire form in both directions, so what a caller gets is what
 * it would get from a queue: a copy, and only what JSON carries.
 */
export class MemoryBackend implements ResultBackend {
  readonly replyTo = undefined;
  readonly chords: ChordBarrier;
  readonly #held: Held<ResultStore>;
  readonly #options: BackendOptions;
  readonly #watchers: Watchers;
  #closed = false;

  constructor(held: Held<ResultStore>, options: BackendOptions) {
    this.#held = held;
    this.#options = options;
    this.#watchers = new Watchers(options.log);
    const { broker, log, resultExpires, chordExpires = resultExpires } = options;
    this.chords = new QueueBarrier({ broker, log, expires: chordExpires });
    held.value.listen(this.#onStored);
  }

  async start(): Promise<void> {
    this.#checkOpen();
  }

  /** A result that is there already is handed on as well, after this returned. */
  watch(id: string, listener: ResultListener): Watch {
    this.#checkOpen();
    const watcher = this.#watchers.add(id, listener);
    const message = this.#held.value.get(id);
    if (message !== undefined) this.#notifyLater(watcher, message);
    return watcher;
  }

  async store(result: StoredResult, to: ResultAddress): Promise<void> {
    this.#checkOpen();
    const { body, properties } = encodeResult(result, "", to.correlationId);
    this.#held.value.set(result.task_id, { body, properties }, this.#options.resultExpires);
  }

  async forget(id: string): Promise<void> {
    this.#checkOpen();
    this.#held.value.delete(id);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#watchers.clear();
    this.#held.value.unlisten(this.#onStored);
    this.#held.release();
  }

  /** n.b. who watches now is told; who begins before the microtask runs has been given this result by `watch`. */
  readonly #onStored = (id: string, message: ResultMessage): void => {
    for (const watcher of this.#watchers.of(id)) this.#notifyLater(watcher, message);
  };

  #notifyLater(watcher: Watcher, message: ResultMessage): void {
    queueMicrotask(() => {
      const result = this.#decode(watcher.id, message);
      if (result !== undefined) this.#watchers.notify(watcher, result);
    });
  }

  #decode(id: string, message: ResultMessage): StoredResult | undefined {
    try {
      return decodeResult(message);
    } catch (error) {
      this.#options.log.warn({ err: error, id }, "A stored result can't be read; it is not handed on.");
      return undefined;
    }
  }

  #checkOpen(): void {
    if (this.#closed) throw new LigatureError("CLOSED", "The result backend is closed, because its app was closed.");
  }
}
