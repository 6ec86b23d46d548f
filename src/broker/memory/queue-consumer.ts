import type { Logger } from "../../logging/index.ts";
import type { Message } from "../../protocol/index.ts";
import type { ConsumeOptions, Consumer, Delivery } from "../broker.ts";
import type { MemoryQueue, QueueReader } from "./memory-queue.ts";
import type { QueueEntry } from "./queue-entry.ts";

/**
 * One consumer of a queue.
 *
 * Consuming → (`cancel`) → Cancelled → (`close`) → Closed. It receives only while consuming; what it received
 * can be settled until it is closed, which returns the rest to the queue.
 */
export class QueueConsumer implements Consumer, QueueReader {
  readonly #queue: MemoryQueue;
  readonly #prefetch: number;
  readonly exclusive: boolean;
  readonly #onDelivery: (delivery: Delivery) => void;
  readonly #onClosed: (consumer: QueueConsumer) => void;
  readonly #log: Logger;
  readonly #unsettled = new Set<MemoryDelivery>();
  #cancelled = false;
  #closed = false;

  constructor(
    queue: MemoryQueue,
    { prefetch, exclusive = false }: ConsumeOptions,
    on: { readonly delivery: (delivery: Delivery) => void; readonly closed: (consumer: QueueConsumer) => void },
    log: Logger,
  ) {
    this.#queue = queue;
    this.#prefetch = prefetch;
    this.exclusive = exclusive;
    this.#onDelivery = on.delivery;
    this.#onClosed = on.closed;
    this.#log = log;
    queue.attach(this);
  }

  get hasRoom(): boolean {
    return this.#unsettled.size < this.#prefetch;
  }

  /** Called by the queue. */
  deliver(entry: QueueEntry): void {
    const delivery = new MemoryDelivery(this.#queue, entry, this.#unsettled);
    this.#unsettled.add(delivery);
    try {
      this.#onDelivery(delivery);
    } catch (error) {
      this.#log.error(
        { err: error, queue: this.#queue.name },
        "A consumer threw an error when it was handed a message, which is dead-lettered.",
      );
      delivery.deadLetter();
    }
  }

  get active(): boolean {
    return !this.#cancelled;
  }

  async cancel(): Promise<void> {
    this.#cancelled = true;
    this.#queue.detach(this);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelled = true;
    this.#queue.detach(this);
    for (const delivery of this.#unsettled) delivery.requeue();
    this.#onClosed(this);
  }
}

/** One message in a consumer's hands, until it leaves the consumer's set of unsettled ones. */
class MemoryDelivery implements Delivery {
  readonly message: Message;
  readonly queue: string;
  readonly redelivered: boolean;
  readonly deliveryCount: number;
  readonly #source: MemoryQueue;
  readonly #entry: QueueEntry;
  readonly #unsettled: Set<MemoryDelivery>;

  constructor(source: MemoryQueue, entry: QueueEntry, unsettled: Set<MemoryDelivery>) {
    this.message = entry.message;
    this.queue = source.name;
    this.redelivered = entry.deliveries > 0;
    this.deliveryCount = entry.deliveries;
    this.#source = source;
    this.#entry = entry;
    this.#unsettled = unsettled;
  }

  ack(): void {
    if (this.#unsettled.delete(this)) this.#source.settled();
  }

  requeue(): void {
    if (this.#unsettled.delete(this)) this.#source.takeBack(this.#entry);
  }

  deadLetter(): void {
    if (this.#unsettled.delete(this)) this.#source.reject(this.#entry);
  }
}
