import { LigatureError } from "../../errors/index.ts";
import type { Message } from "../../protocol/index.ts";
import { after } from "../../timing/index.ts";
import type {
  Broker,
  BrokerOptions,
  BrokerStatus,
  Claim,
  ConsumeOptions,
  Consumer,
  DeclaredQueue,
  Delivery,
  Patience,
  PublishOptions,
  QueueStatus,
} from "../broker.ts";
import type { BrokerState } from "../broker-state.ts";
import type { Hub } from "./hub.ts";
import { JournalReader } from "./journal.ts";
import { copyMessage } from "./message-copy.ts";
import type { MemoryClaim } from "./queue-claims.ts";
import { QueueConsumer } from "./queue-consumer.ts";
import { declarationsOf } from "./queue-properties.ts";
import type { Held } from "./spaces.ts";
import { BroadcastConsumer } from "./broadcast-consumer.ts";

/** Celery's fanout exchange for remote control. */
const controlExchange = "celery.pidbox";

/** One user of a hub. Everything is done within the call; the promises only keep to the interface. */
export class MemoryBroker implements Broker {
  readonly address: string;
  readonly product = "memory";
  #state: BrokerState = { state: "ready" };
  readonly #held: Held<Hub>;
  readonly #options: BrokerOptions;
  readonly #consumers = new Set<Consumer>();
  readonly #claims = new Set<MemoryClaim>();
  #closed = false;

  constructor(address: string, held: Held<Hub>, options: BrokerOptions) {
    this.address = address;
    this.#held = held;
    this.#options = options;
  }

  get status(): BrokerStatus {
    return { connected: !this.#closed, blocked: undefined };
  }

  get state(): BrokerState {
    return this.#state;
  }

  async declare(queue: DeclaredQueue, options: Patience = {}): Promise<void> {
    const hub = this.#open();
    checkInTime(options.giveUpAt);
    if (queue.kind === "journal") {
      hub.declareJournal(queue);
      return;
    }
    hub.declare(declarationsOf(queue));
    if (queue.kind === "latest-result") hub.bind(queue.name, queue.key);
  }

  async inspect(queue: string, options: Patience = {}): Promise<QueueStatus | undefined> {
    const hub = this.#open();
    checkInTime(options.giveUpAt);
    return hub.inspect(queue);
  }

  async bind(replyQueue: string, key: string, options: Patience = {}): Promise<void> {
    const hub = this.#open();
    checkInTime(options.giveUpAt);
    hub.bind(replyQueue, key);
  }

  async unbind(replyQueue: string, key: string): Promise<void> {
    this.#open().unbind(replyQueue, key);
  }

  async peek(queue: string, options: Patience = {}): Promise<Message | undefined> {
    const hub = this.#open();
    checkInTime(options.giveUpAt);
    return hub.queue(queue).peek();
  }

  /** n.b. a claim that waits, or is held, doesn't keep the process alive; whoever claims consumes something else. */
  async claim(queue: string, options: { readonly patience?: number | undefined } = {}): Promise<Claim | undefined> {
    const claim = this.#open().claim(queue);
    if (claim === undefined) return undefined;
    this.#claims.add(claim);
    void claim.over.then(() => this.#claims.delete(claim));
    const { patience } = options;
    const timer = patience === undefined ? undefined : after(patience, () => claim.giveUp());
    try {
      return await claim.taken;
    } finally {
      timer?.cancel();
    }
  }

  async publish(message: Message, options: PublishOptions = {}): Promise<void> {
    const hub = this.#open();
    this.#checkSize(message.body);
    checkInTime(options.giveUpAt);
    checkWanted(options.signal);
    const copy = copyMessage(message);
    const { delay = 0 } = options;
    if (delay > 0) hub.publishLater(copy, delay, this.#onUndeliverable);
    else hub.publish(copy);
  }

  async consume(queue: string, options: ConsumeOptions, onDelivery: (delivery: Delivery) => void): Promise<Consumer> {
    const hub = this.#open();
    const { prefetch } = options;
    if (!Number.isInteger(prefetch) || prefetch < 1 || prefetch > 65_535) {
      throw new LigatureError("INVALID_OPTION", `prefetch must be a whole number from 1 to 65535, got ${String(prefetch)}.`);
    }
    const on = { delivery: onDelivery, closed: (consumer: Consumer) => this.#release(hub, consumer) };
    const source = hub.queue(queue);
    if (source.isExclusive || (options.exclusive === true && source.consumers > 0)) {
      throw new LigatureError("REFUSED", `Queue "${queue}" can't be consumed from: another consumer has it, or would share it.`);
    }
    return this.#retain(hub, new QueueConsumer(source, options, on, this.#options.log));
  }

  async deleteQueue(name: string): Promise<void> {
    this.#open().deleteQueue(name);
  }

  async broadcast(message: Pick<Message, "headers" | "properties" | "body">): Promise<void> {
    const hub = this.#open();
    this.#checkSize(message.body);
    const { headers, properties, body } = message;
    hub.broadcast(copyMessage({ exchange: controlExchange, routingKey: "", headers, properties, body }));
  }

  async subscribe(onMessage: (message: Message) => void): Promise<Consumer> {
    const hub = this.#open();
    const closed = (consumer: BroadcastConsumer): void => {
      hub.unsubscribe(consumer);
      this.#release(hub, consumer);
    };
    const consumer = new BroadcastConsumer({ message: onMessage, closed }, this.#options.log);
    hub.subscribe(consumer);
    return this.#retain(hub, consumer);
  }

  async follow(name: string, onMessage: (message: Message) => void): Promise<Consumer> {
    const hub = this.#open();
    const journal = hub.journal(name);
    const closed = (reader: JournalReader): void => {
      journal.leave(reader);
      this.#release(hub, reader);
    };
    const reader = new JournalReader({ message: onMessage, closed }, this.#options.log);
    journal.read(reader);
    return this.#retain(hub, reader);
  }

  notSent(what: string): LigatureError {
    return new LigatureError("NOT_SENT", `${what}: the broker ${this.address} has not answered in time.`);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const claim of this.#claims) claim.cancel(this.#closedError());
    await Promise.all([...this.#consumers].map((consumer) => consumer.close()));
    this.#held.release();
    this.#state = { state: "closed" };
    this.#options.onState?.(this.#state);
  }

  /** The hub, as long as this is open. */
  #open(): Hub {
    if (this.#closed) throw this.#closedError();
    return this.#held.value;
  }

  #closedError(): LigatureError {
    return new LigatureError("CLOSED", `The broker ${this.address} is closed. Open it again to go on.`);
  }

  #retain(hub: Hub, consumer: Consumer): Consumer {
    this.#consumers.add(consumer);
    hub.keepAlive.retain();
    return consumer;
  }

  #release(hub: Hub, consumer: Consumer): void {
    this.#consumers.delete(consumer);
    hub.keepAlive.release();
  }

  readonly #onUndeliverable = ({ routingKey }: Message): void => {
    this.#options.log.warn({ queue: routingKey }, "The queue of a delayed message has gone meanwhile; the message is dropped.");
  };

  #checkSize(body: Uint8Array): void {
    const { maxPayload } = this.#options;
    if (body.byteLength <= maxPayload) return;
    throw new LigatureError(
      "PAYLOAD_TOO_LARGE",
      `The message has ${body.byteLength} bytes, ${maxPayload} are allowed. ` +
        "Pass large data by reference, such as a path or an object's key, or raise the app's maxPayload at both ends.",
      { details: { bytes: body.byteLength, maxPayload } },
    );
  }
}

function checkInTime(giveUpAt: number | undefined): void {
  if (giveUpAt === undefined || Date.now() <= giveUpAt) return;
  throw new LigatureError("NOT_SENT", "The deadline had passed before the message could be sent; nothing was sent.");
}

function checkWanted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new LigatureError("ABORTED", "The message was not sent: its caller's signal was aborted first.", {
    cause: signal.reason,
  });
}
