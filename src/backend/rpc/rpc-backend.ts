import { randomUUID } from "node:crypto";
import type { Consumer, Delivery } from "../../broker/index.ts";
import { LigatureError } from "../../errors/index.ts";
import { decodeResult, encodeResult, type StoredResult } from "../../protocol/index.ts";
import type { ResultAddress, ResultBackend, Watch } from "../backend.ts";
import type { ChordBarrier } from "../chord-barrier.ts";
import type { BackendOptions } from "../options.ts";
import { QueueBarrier } from "../queue-barrier/index.ts";
import { Watchers } from "../watchers.ts";

/** Results are only looked up and handed on, so many may be on their way; the broker's memory holds the rest. */
const prefetch = 500;

/**
 * Results as messages on one reply queue of this app. The queue outlives a lost connection, so a result that was
 * stored meanwhile still arrives; it is deleted by the broker when its owner hasn't consumed for `resultExpires`.
 */
export class RpcBackend implements ResultBackend {
  readonly replyTo: string;
  readonly chords: ChordBarrier;
  readonly #options: BackendOptions;
  readonly #watchers: Watchers;
  #starting: Promise<void> | undefined;
  #consumer: Consumer | undefined;
  #closed = false;

  constructor(options: BackendOptions) {
    this.replyTo = `ligature.reply.${options.name}.${randomUUID()}`;
    this.#options = options;
    this.#watchers = new Watchers(options.log);
    const { broker, log, resultExpires } = options;
    this.chords = new QueueBarrier({ broker, log, expires: resultExpires });
  }

  async start(options: { readonly giveUpAt?: number | undefined } = {}): Promise<void> {
    this.#checkOpen();
    if (this.#consumer !== undefined) return;
    const { broker, resultExpires } = this.#options;
    // Each caller declares with its own deadline; the broker knows what is declared already.
    await broker.declareReplyQueue(this.replyTo, resultExpires, options);
    this.#checkOpen();
    this.#starting ??= this.#consume().finally(() => {
      this.#starting = undefined;
    });
    await this.#starting;
  }

  watch(id: string, onResult: (result: StoredResult) => void): Watch {
    this.#checkOpen();
    return this.#watchers.add(id, onResult);
  }

  async store(result: StoredResult, to: ResultAddress): Promise<void> {
    this.#checkOpen();
    const { replyTo, correlationId } = to;
    // n.b. Celery sends an empty reply_to when nobody waits.
    if (replyTo === undefined || replyTo === "") return;
    try {
      await this.#options.broker.publish(encodeResult(result, replyTo, correlationId));
    } catch (error) {
      if (!(error instanceof LigatureError && error.code === "UNROUTABLE")) throw error;
      this.#options.log.debug({ id: result.task_id, replyTo }, "The caller's reply queue is gone; the result is dropped.");
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#watchers.clear();
    // n.b. not `#starting`: without a connection that would take as long as it takes.
    if (this.#consumer === undefined) return;
    await this.#consumer.close();
    // Its name is known to this app only, so nobody could ever read what comes now.
    const { broker, log } = this.#options;
    await broker.deleteQueue(this.replyTo).catch((error: unknown) => {
      log.debug({ error, queue: this.replyTo }, "The reply queue was not deleted; it expires by itself.");
    });
  }

  async #consume(): Promise<void> {
    const { broker } = this.#options;
    const consumer = await broker.consume(this.replyTo, { prefetch }, (delivery) => this.#receive(delivery));
    if (this.#closed) await consumer.close();
    this.#checkOpen();
    this.#consumer = consumer;
  }

  /** Whatever arrives is acknowledged: a result that can't be read now can't be read later. */
  #receive(delivery: Delivery): void {
    const { message } = delivery;
    const { log } = this.#options;
    let result: StoredResult | undefined;
    try {
      result = decodeResult(message);
    } catch (error) {
      log.warn(
        { error, queue: delivery.queue, correlationId: message.properties.correlationId },
        "A message on the reply queue is no result; it is dropped.",
      );
    }
    if (result !== undefined) this.#dispatch(result, message.properties.correlationId);
    delivery.ack();
  }

  #dispatch(result: StoredResult, correlationId: string | undefined): void {
    let watchers = this.#watchers.of(result.task_id);
    if (watchers.length === 0 && correlationId !== undefined) watchers = this.#watchers.of(correlationId);
    if (watchers.length === 0) {
      this.#options.log.debug(
        { id: result.task_id, state: result.status },
        "A result arrived that nobody waits for; it is dropped.",
      );
    }
    for (const watcher of watchers) this.#watchers.notify(watcher, result);
  }

  #checkOpen(): void {
    if (this.#closed) throw new LigatureError("CLOSED", "The result backend is closed, because its app was closed.");
  }
}
