import type { Channel, ConsumeMessage } from "amqplib";
import { LigatureError } from "../../../errors/index.ts";
import type { Logger } from "../../../logging/index.ts";
import type { ConsumeOptions, Delivery } from "../../broker.ts";
import type { ConsumptionSource } from "./consumption.ts";
import { AmqpDelivery } from "./delivery.ts";
import { declarationError, type ChannelRefusal } from "../connection/index.ts";
import { Settlements } from "./settlements.ts";
import type { Topology } from "../declare/index.ts";

/** A queue's messages, to be settled one by one. */
export class QueueSource implements ConsumptionSource {
  readonly what: string;
  readonly #queue: string;
  readonly #options: ConsumeOptions;
  readonly #onDelivery: (delivery: Delivery) => void;
  readonly #topology: Topology;
  readonly #log: Logger;
  #settlements: Settlements | undefined;

  constructor(
    queue: string,
    options: ConsumeOptions,
    onDelivery: (delivery: Delivery) => void,
    { topology, log }: { readonly topology: Topology; readonly log: Logger },
  ) {
    const { prefetch } = options;
    if (!Number.isInteger(prefetch) || prefetch < 1 || prefetch > 65_535) {
      throw new LigatureError("INVALID_OPTION", `prefetch must be a whole number from 1 to 65535, got ${String(prefetch)}.`);
    }
    this.what = `queue "${queue}"`;
    this.#queue = queue;
    this.#options = options;
    this.#onDelivery = onDelivery;
    this.#topology = topology;
    this.#log = log;
  }

  onChannel(channel: Channel): void {
    this.#settlements = new Settlements(channel);
  }

  async consume(channel: Channel, onMessage: (message: ConsumeMessage | null) => void): Promise<string> {
    const { prefetch, holdTimeout, exclusive = false } = this.#options;
    // Per consumer: RabbitMQ 4.3 refuses the kind that a whole channel shares.
    await channel.prefetch(prefetch, false);
    // Of the consumer rather than the queue: RabbitMQ before 3.12 ignores it here, and services may differ in it.
    const timeout = holdTimeout === undefined ? {} : { "x-consumer-timeout": holdTimeout };
    const { consumerTag } = await channel.consume(this.#queue, onMessage, { arguments: timeout, exclusive });
    return consumerTag;
  }

  onMessage(message: ConsumeMessage): void {
    const delivery = new AmqpDelivery(message, this.#queue, this.#settlements as Settlements);
    try {
      this.#onDelivery(delivery);
    } catch (error) {
      // amqplib would close the channel over it, and the message would come again and again.
      this.#log.error({ queue: this.#queue, err: error }, "the receiver of a delivery threw; the message is dead-lettered");
      delivery.deadLetter();
    }
  }

  onCancelling(): void {
    this.#settlements?.flush();
  }

  async onClosing(): Promise<void> {
    await this.#settlements?.finish();
  }

  onChannelEnd(): void {
    this.#settlements?.end();
  }

  async mend(refusal: ChannelRefusal): Promise<void> {
    if (refusal.code === 404 && (await this.#topology.restoreQueue(this.#queue))) return;
    throw declarationError(refusal, this.what);
  }
}
