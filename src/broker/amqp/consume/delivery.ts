import type { ConsumeMessage } from "amqplib";
import type { Message } from "../../../protocol/index.ts";
import type { Delivery } from "../../broker.ts";
import { damagedHeaders, messageOf } from "../codec/index.ts";
import type { Settlements } from "./settlements.ts";

/**
 * RabbitMQ's record of earlier deaths. Anybody can publish one, and RabbitMQ 3.10's queues crash over some when they
 * dead-letter the message: strings in the list, counts that are none. Nor does a genuine one say who wrote it.
 */
const deaths = "x-death";

export class AmqpDelivery implements Delivery {
  readonly message: Message;
  readonly queue: string;
  readonly redelivered: boolean;
  readonly #tag: number;
  readonly #settlements: Settlements;
  readonly #park: (delivery: AmqpDelivery) => void;
  #settled = false;

  /** @param park takes over a message that RabbitMQ must not dead-letter; then `parked` settles it */
  constructor(
    received: ConsumeMessage,
    queue: string,
    { settlements, park }: { readonly settlements: Settlements; readonly park: (delivery: AmqpDelivery) => void },
  ) {
    this.#park = park;
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
    if (!this.#settle()) return;
    // Behind what can't be read there may be one, too.
    if (Object.hasOwn(this.message.headers, deaths) || Object.hasOwn(this.message.headers, damagedHeaders)) this.#park(this);
    else this.#settlements.reject(this.#tag, false);
  }

  /** It is where it belongs. */
  parked(): void {
    this.#settlements.ack(this.#tag);
  }

  #settle(): boolean {
    const first = !this.#settled;
    this.#settled = true;
    return first;
  }
}
