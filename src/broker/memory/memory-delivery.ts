import type { Message } from "../../protocol/index.ts";
import type { Delivery } from "../broker.ts";
import type { MemoryQueue, QueueEntry } from "./memory-queue.ts";

/** One message in a consumer's hands, until it leaves the consumer's set of unsettled ones. */
export class MemoryDelivery implements Delivery {
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
