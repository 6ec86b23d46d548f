import { randomUUID } from "node:crypto";
import type { Consumer, Delivery } from "../../broker/index.ts";
import { LigatureError } from "../../errors/index.ts";
import { decodeResult, encodeResult, isFinal, type ResultOrigin, type StoredResult } from "../../protocol/index.ts";
import { settlesWithin, within } from "../../timing/index.ts";
import type { BackendOptions, ResultAddress, ResultBackend, Watch, ResultListener } from "../backend.ts";
import type { ChordBarrier } from "../chord-barrier.ts";
import { QueueBarrier } from "../queue-barrier/index.ts";
import { Watchers } from "../watchers.ts";
import { AttachedWatch, type AttachOptions } from "./attached-watch.ts";
import { KeptResults } from "./kept-results.ts";
import { OrphanQueue } from "./orphan-queue.ts";
import { MissingReplyQueues } from "./missing-reply-queues.ts";
import { isLatestResult } from "./latest-result.ts";

/** Results are only looked up and handed on, so many may be on their way; the broker's memory holds the rest. */
const prefetch = 500;
/** Milliseconds that close() waits until what others may want is kept. */
const closePatience = 5000;
/** Milliseconds that it then waits for the reply queue's deletion, and for its consumer's end: both come about by themselves. */
const deletePatience = 2000;

/**
 * Results as messages on one reply queue of this app. The queue outlives a lost connection, so a result that was
 * stored meanwhile still arrives; it is deleted by the broker when its owner hasn't consumed for `resultExpires`.
 */
export class RpcBackend implements ResultBackend {
  readonly replyTo: string;
  readonly chords: ChordBarrier;
  readonly #options: BackendOptions;
  readonly #watchers: Watchers;
  readonly #kept: KeptResults;
  readonly #missing: MissingReplyQueues;
  /** Reply queues of others whose results are waited for here. */
  readonly #orphans = new Map<string, OrphanQueue>();
  readonly #attaching: AttachOptions;
  /** Of the tasks of others that were attached to. */
  readonly #foreign = new Set<string>();
  /** The reply queue exists, or is about to. */
  #begun = false;
  #starting: Promise<void> | undefined;
  #consumer: Consumer | undefined;
  #closed = false;

  constructor(options: BackendOptions) {
    this.replyTo = `ligature.reply.${options.name}.${randomUUID()}`;
    this.#options = options;
    this.#watchers = new Watchers(options.log);
    this.#missing = new MissingReplyQueues(options.log);
    const { broker, log, resultExpires, chordExpires = resultExpires } = options;
    this.#kept = new KeptResults({ broker, log, expires: resultExpires, replyTo: this.replyTo });
    this.#attaching = {
      broker,
      log,
      replyTo: this.replyTo,
      start: () => this.start(),
      lookAfter: (replyTo) => this.#lookAfter(replyTo),
    };
    this.chords = new QueueBarrier({ broker, log, expires: chordExpires });
  }

  async start(options: { readonly giveUpAt?: number | undefined } = {}): Promise<void> {
    this.#checkOpen();
    if (this.#consumer !== undefined) return;
    this.#begun = true;
    const { broker, resultExpires } = this.#options;
    // Each caller declares with its own deadline; the broker knows what is declared already.
    await broker.declare({ kind: "reply", name: this.replyTo, expires: resultExpires }, options);
    this.#checkOpen();
    this.#starting ??= this.#consume().finally(() => {
      this.#starting = undefined;
    });
    const late = (): LigatureError => broker.notSent("Nothing was sent, as no result could be received");
    await within(this.#starting, options.giveUpAt, late);
  }

  watch(id: string, listener: ResultListener, from?: ResultOrigin): Watch {
    this.#checkOpen();
    if (from === undefined) return this.#watchers.add(id, listener);
    this.#foreign.add(id);
    const watcher = this.#watchers.add(id, (result) => watch.received(result));
    const watch = new AttachedWatch(watcher, from, listener, this.#attaching);
    return watch;
  }

  async keep(id: string, latest: StoredResult | undefined): Promise<ResultOrigin> {
    this.#checkOpen();
    await this.#kept.keep(id, latest);
    return { replyTo: this.replyTo, expires: this.#options.resultExpires };
  }

  async forget(id: string): Promise<void> {
    this.#checkOpen();
    // Nothing is kept of any other.
    if (this.#kept.has(id) || this.#foreign.delete(id)) await this.#kept.forget(id);
  }

  async store(result: StoredResult, to: ResultAddress): Promise<void> {
    this.#checkOpen();
    const { replyTo, correlationId } = to;
    // n.b. Celery sends an empty reply_to when nobody waits.
    if (replyTo === undefined || replyTo === "") return;
    const message = encodeResult(result, replyTo, correlationId);
    const publish = (): Promise<void> => this.#options.broker.publish(message);
    // Nobody misses a report of progress that came too early or too late.
    if (isFinal(result.status)) return this.#missing.deliver(replyTo, result.task_id, publish);
    await publish().catch((error: unknown) => {
      if (!(error instanceof LigatureError && error.code === "UNROUTABLE")) throw error;
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const orphan of this.#orphans.values()) orphan.release();
    const awaited = await this.#keptSettled();
    this.#watchers.clear();
    if (!this.#begun) return;
    // n.b. not `#starting`: without a connection that would take as long as it takes.
    if (this.#consumer !== undefined) await settlesWithin(this.#consumer.close(), deletePatience);
    // Others may wait for what still comes: whoever does takes it from there. Otherwise nobody could ever read it.
    if (awaited) return;
    const { broker, log } = this.#options;
    const deleted = broker.deleteQueue(this.replyTo).catch((error: unknown) => {
      log.debug({ err: error, queue: this.replyTo }, "The reply queue was not deleted; it expires by itself.");
    });
    await settlesWithin(deleted, deletePatience);
  }

  async #consume(): Promise<void> {
    const { broker } = this.#options;
    const consumer = await broker.consume(this.replyTo, { prefetch }, (delivery) => this.#receive(delivery));
    if (this.#closed) await consumer.close();
    this.#checkOpen();
    this.#consumer = consumer;
  }

  /** n.b. between the beginning of `close` and its end nothing is settled, so that it goes back. */
  #receive(delivery: Delivery): void {
    if (this.#closed) return;
    const { message } = delivery;
    const { log } = this.#options;
    let result: StoredResult | undefined;
    try {
      result = decodeResult(message);
    } catch (error) {
      log.warn(
        { err: error, queue: delivery.queue, correlationId: message.properties.correlationId },
        "A message on the reply queue is no result; it is dropped.",
      );
    }
    // Whatever arrives is acknowledged: a result that can't be read now can't be read later.
    if (result === undefined) return delivery.ack();
    const isCopy = isLatestResult(message);
    // Our own copy of what we have passed on.
    if (isCopy && message.properties.replyTo === this.replyTo) return delivery.ack();
    this.#dispatch(result, message.properties.correlationId);
    if (isCopy && isFinal(result.status)) this.#kept.ended(result.task_id);
    if (isCopy || !this.#kept.has(result.task_id)) return delivery.ack();
    this.#kept.forward(result.task_id, message, result.status).then(
      () => delivery.ack(),
      (error: unknown) => log.debug({ err: error, id: result.task_id }, "A kept result is left on the reply queue."),
    );
  }

  #lookAfter(replyTo: string): () => void {
    let orphan = this.#orphans.get(replyTo);
    if (orphan === undefined || orphan.isUnused) {
      orphan = new OrphanQueue(replyTo, this.#options);
      this.#orphans.set(replyTo, orphan);
    }
    const found = orphan;
    found.use();
    return () => {
      found.release();
      if (found.isUnused && this.#orphans.get(replyTo) === found) this.#orphans.delete(replyTo);
    };
  }

  /** Whether others may wait for results that haven't come. What can't be kept in time is taken for such. */
  async #keptSettled(): Promise<boolean> {
    const settled = this.#kept.settled().catch(() => true);
    return (await settlesWithin(settled, closePatience)) ? settled : true;
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
