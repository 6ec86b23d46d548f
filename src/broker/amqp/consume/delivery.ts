import type { ConsumeMessage } from "amqplib";
import type { Message } from "../../../protocol/index.ts";
import type { Delivery } from "../../broker.ts";
import { messageOf } from "../codec/index.ts";
import type { Settlements } from "./settlements.ts";

export class AmqpDelivery implements Delivery {
  readonly message: Message;
  readonly queue: string;
  readonly redelivered: boolean;
  readonly #tag: number;
  readonly #settlements: Settlements;
  #settled = false;

  constructor(received: ConsumeMessage, queue: string, settlements: Settlements) {
    this.message = messageOf(received, queue);
    this.queue = queue;
    this.redelivered = received.fields.redelivered;
    this.#tag = received.fields.deliveryTag;
    this.#settlements = settlements;
  }

  /** n.b. RabbitMQ leaves a sender's own `x-delivery-count` in place until it counts itself, from the second delivery on. */
  get deliveryCount(): number {
    if (!this.redelivered) return 0;
    const count = this.message.headers["x-delivery-count"];
    return typeof count === "number" && count >= 1 ? count : 1;
  }

  ack(): void {
    if (this.#settle()) this.#settlements.ack(this.#tag);
  }

  requeue(): void {
    if (this.#settle()) this.#settlements.reject(this.#tag, true);
  }

  deadLetter(): void {
    if (this.#settle()) this.#settlements.reject(this.#tag, false);
  }

  #settle(): boolean {
    const first = !this.#settled;
    this.#settled = true;
    return first;
  }
}
