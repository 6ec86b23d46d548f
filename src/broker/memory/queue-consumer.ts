import type { Logger } from "../../logging/index.ts";
import type { ConsumeOptions, Consumer, Delivery } from "../broker.ts";
import { MemoryDelivery } from "./memory-delivery.ts";
import type { MemoryQueue, QueueEntry } from "./memory-queue.ts";

/**
 * One consumer of a queue.
 *
 * Consuming → (`cancel`) → Cancelled → (`close`) → Closed. It receives only while consuming; what it received
 * can be settled until it is closed, which returns the rest to the queue.
 */
export class QueueConsumer implements Consumer {
  readonly #queue: MemoryQueue;
  readonly #prefetch: number;
  readonly exclusive: boolean;
  readonly #onDelivery: (delivery: Delivery) => void;
  readonly #onClosed: (consumer: QueueConsumer) => void;
  readonly #log: Logger;
  readonly #unsettled = new Set<MemoryDelivery>();
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
        { error, queue: this.#queue.name },
        "A consumer threw an error when it was handed a message, which is dead-lettered.",
      );
      delivery.deadLetter();
    }
  }

  async cancel(): Promise<void> {
    this.#queue.detach(this);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#queue.detach(this);
    for (const delivery of this.#unsettled) delivery.requeue();
    this.#onClosed(this);
  }
}
