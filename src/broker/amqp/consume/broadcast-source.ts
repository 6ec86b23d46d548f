import type { Channel, ConsumeMessage } from "amqplib";
import type { Logger } from "../../../logging/index.ts";
import type { Message } from "../../../protocol/index.ts";
import type { ConsumptionSource } from "./consumption.ts";
import { controlExchange, declaredControlExchange } from "../declare/index.ts";
import { messageOf } from "../codec/index.ts";
import { declarationError, type ChannelRefusal } from "../connection/index.ts";

/**
 * Broadcasts, into a queue of the subscriber's own that goes with its connection. Exclusive, since RabbitMQ 4.3
 * refuses transient queues that aren't.
 */
export class BroadcastSource implements ConsumptionSource {
  readonly what = "remote control";
  readonly #onMessage: (message: Message) => void;
  readonly #log: Logger;

  constructor(onMessage: (message: Message) => void, log: Logger) {
    this.#onMessage = onMessage;
    this.#log = log;
  }

  async consume(channel: Channel, onMessage: (message: ConsumeMessage | null) => void): Promise<string> {
    await declaredControlExchange.run(channel);
    const { queue } = await channel.assertQueue("", { exclusive: true, autoDelete: true, durable: false });
    await channel.bindQueue(queue, controlExchange, "");
    const { consumerTag } = await channel.consume(queue, onMessage, { noAck: true });
    return consumerTag;
  }

  onMessage(message: ConsumeMessage): void {
    try {
      this.#onMessage(messageOf(message, message.fields.routingKey));
    } catch (error) {
      this.#log.error({ err: error }, "the receiver of a broadcast threw");
    }
  }

  async mend(refusal: ChannelRefusal): Promise<void> {
    throw declarationError(refusal, this.what);
  }

  onChannel(): void {}
  async settled(): Promise<void> {}
  onCancelling(): void {}
  async onClosing(): Promise<void> {}
  onChannelEnd(): void {}
}
