import type { Channel, ConsumeMessage } from "amqplib";
import { LigatureError } from "../../../errors/index.ts";
import type { Logger } from "../../../logging/index.ts";
import { settlesWithin } from "../../../timing/index.ts";
import { deadLetterQueue, type ConsumeOptions, type Delivery, type QueueStatus } from "../../broker.ts";
import type { ConsumptionSource } from "./consumption.ts";
import type { Park } from "./park.ts";
import { Deafness } from "./deafness.ts";
import { AmqpDelivery } from "./delivery.ts";
import { declarationError, type ChannelRefusal } from "../connection/index.ts";
import { Settlements } from "./settlements.ts";
import type { Topology } from "../declare/index.ts";

/** Milliseconds that the end of a consumer waits for what is being parked. */
const parkingTimeout = 1000;

/** What a queue is consumed with. */
export interface QueueSourceTools {
  readonly topology: Topology;
  readonly park: Park;
  /** How the queue is doing; undefined when it is gone. Rejects when that can't be known soon. */
  readonly inspect: (queue: string) => Promise<QueueStatus | undefined>;
  readonly log: Logger;
}

/** A queue's messages, to be settled one by one. */
export class QueueSource implements ConsumptionSource {
  readonly what: string;
  readonly #queue: string;
  readonly #options: ConsumeOptions;
  readonly #onDelivery: (delivery: Delivery) => void;
  readonly #topology: Topology;
  readonly #log: Logger;
  readonly #park: Park;
  /** Messages that are on their way into the dead-letter queue. */
  readonly #parking = new Set<Promise<void>>();
  /** Of each channel on which something may be unsettled. */
  readonly #settlements = new Map<Channel, Settlements>();
  readonly #deafness: Deafness;

  constructor(
    queue: string,
    options: ConsumeOptions,
    onDelivery: (delivery: Delivery) => void,
    { topology, park, inspect, log }: QueueSourceTools,
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
    this.#park = park;
    this.#deafness = new Deafness({
      isFree: () => this.#open() < prefetch,
      inspect: () => inspect(queue),
      restore: async () => void (await topology.restoreQueue(queue)),
    });
    this.#log = log;
  }

  onChannel(channel: Channel): void {
    this.#settlements.set(channel, new Settlements(channel));
  }

  async consume(channel: Channel, onMessage: (message: ConsumeMessage | null) => void): Promise<string> {
    const { prefetch, holdTimeout, exclusive = false } = this.#options;
    // Per consumer: RabbitMQ 4.3 refuses the kind that a whole channel shares.
    await channel.prefetch(prefetch, false);
    // Of the consumer rather than the queue, whose arguments all versions of Ligature have to agree on.
    const timeout = holdTimeout === undefined ? {} : { "x-consumer-timeout": holdTimeout };
    const { consumerTag } = await channel.consume(this.#queue, onMessage, { arguments: timeout, exclusive });
    return consumerTag;
  }

  watch(onDeaf: (why: "deaf" | "idle") => void): () => void {
    return this.#deafness.watch(onDeaf);
  }

  async settled(channel: Channel): Promise<void> {
    const settlements = this.#settlements.get(channel);
    await settlements?.settled();
    await settlements?.finish();
  }

  #open(): number {
    let open = 0;
    for (const settlements of this.#settlements.values()) open += settlements.open;
    return open;
  }

  onMessage(message: ConsumeMessage, channel: Channel): void {
    this.#deafness.heard();
    const settlements = this.#settlements.get(channel);
    // Its channel has ended: the message is back in its queue.
    if (settlements === undefined) return;
    settlements.take();
    const delivery = new AmqpDelivery(message, this.#queue, {
      settlements,
      park: (parked) => this.#parkAside(parked),
    });
    try {
      this.#onDelivery(delivery);
    } catch (error) {
      // amqplib would close the channel over it, and the message would come again and again.
      this.#log.error({ queue: this.#queue, err: error }, "the receiver of a delivery threw; the message is dead-lettered");
      delivery.deadLetter();
    }
  }

  /** n.b. not awaited: consuming goes on while RabbitMQ takes nothing from publishers, and declarations with them. */
  onCancelledByBroker(): void {
    this.#topology.restoreQueue(this.#queue).catch((error: unknown) => {
      this.#log.debug({ queue: this.#queue, err: error }, "a queue whose consumer was cancelled could not be declared again");
    });
  }

  onCancelling(): void {
    for (const settlements of this.#settlements.values()) settlements.flush();
  }

  async onClosing(): Promise<void> {
    await settlesWithin(Promise.all(this.#parking), parkingTimeout);
    await Promise.all([...this.#settlements.values()].map((settlements) => settlements.finish()));
  }

  onChannelEnd(channel: Channel): void {
    this.#settlements.get(channel)?.end();
    this.#settlements.delete(channel);
  }

  /** What can't be parked stays unsettled, and so returns to its queue. */
  #parkAside(delivery: AmqpDelivery): void {
    const dead = deadLetterQueue(this.#queue);
    const parking = this.#park({ ...delivery.message, exchange: "", routingKey: dead }, this.#queue).then(
      () => delivery.parked(),
      (error: unknown) => this.#log.error({ queue: this.#queue, err: error }, `a message could not be parked in "${dead}"`),
    );
    this.#parking.add(parking);
    void parking.finally(() => this.#parking.delete(parking));
  }

  async mend(refusal: ChannelRefusal): Promise<void> {
    if (refusal.code === 404 && (await this.#topology.restoreQueue(this.#queue))) return;
    throw declarationError(refusal, this.what);
  }
}
