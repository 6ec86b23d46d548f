import type { Channel, ConsumeMessage } from "amqplib";
import type { Logger } from "../../../logging/index.ts";
import type { Message } from "../../../protocol/index.ts";
import { messageOf } from "../codec/index.ts";
import { declarationError, type ChannelRefusal } from "../connection/index.ts";
import type { Topology } from "../declare/index.ts";
import type { ConsumptionSource } from "./consumption.ts";

/** Messages that RabbitMQ sends before it waits for an acknowledgement, which a stream asks for. */
const prefetch = 500;

/** A journal (a stream of RabbitMQ), read from its first message on; after an interruption, from where it was. */
export class JournalSource implements ConsumptionSource {
  readonly what: string;
  readonly #name: string;
  readonly #onMessage: (message: Message) => void;
  readonly #topology: Topology;
  readonly #log: Logger;
  #channel: Channel | undefined;
  #next: number | "first" = "first";

  constructor(
    name: string,
    onMessage: (message: Message) => void,
    { topology, log }: { readonly topology: Topology; readonly log: Logger },
  ) {
    this.what = `queue "${name}"`;
    this.#name = name;
    this.#onMessage = onMessage;
    this.#topology = topology;
    this.#log = log;
  }

  onChannel(channel: Channel): void {
    this.#channel = channel;
  }

  async consume(channel: Channel, onMessage: (message: ConsumeMessage | null) => void): Promise<string> {
    await channel.prefetch(prefetch, false);
    const { consumerTag } = await channel.consume(this.#name, onMessage, { arguments: { "x-stream-offset": this.#next } });
    return consumerTag;
  }

  onMessage(message: ConsumeMessage): void {
    const offset: unknown = message.properties.headers?.["x-stream-offset"];
    if (typeof offset === "number") this.#next = offset + 1;
    try {
      this.#onMessage(messageOf(message, this.#name));
    } catch (error) {
      this.#log.error({ queue: this.#name, err: error }, "the reader of a journal threw");
    }
    try {
      // n.b. a stream takes nothing out; this asks for more.
      this.#channel?.ack(message);
    } catch {
      // The channel closes, and the next one begins after this message.
    }
  }

  async mend(refusal: ChannelRefusal): Promise<void> {
    this.#next = "first";
    if (refusal.code === 404 && (await this.#topology.restoreQueue(this.#name))) return;
    throw declarationError(refusal, this.what);
  }

  async settled(): Promise<void> {}
  onCancelling(): void {}
  async onClosing(): Promise<void> {}

  onChannelEnd(): void {
    this.#channel = undefined;
  }
}
