import { LigatureError } from "../../errors/index.ts";
import { entryQueue, resultExchange, type JournalQueue, type QueueStatus } from "../broker.ts";
import { queueFull } from "../queue-full.ts";
import type { Message } from "../../protocol/index.ts";
import { keepAlive, type Timer } from "../../timing/index.ts";
import { deadLetter, type DeathReason } from "./dead-letter.ts";
import { Journal } from "./journal.ts";
import { MemoryQueue } from "./memory-queue.ts";
import type { QueueEntry } from "./queue-entry.ts";
import type { MemoryClaim } from "./queue-claims.ts";
import { QueueExpiry } from "./queue-expiry.ts";
import { checkSameProperties, type QueueDeclaration } from "./queue-properties.ts";
import { ResultBindings } from "./result-bindings.ts";
import { Schedule } from "./schedule.ts";
import type { BroadcastConsumer } from "./broadcast-consumer.ts";

/** What brokers of one URL share: queues, receivers of broadcasts, messages that wait for their time. */
export class Hub {
  readonly #queues = new Map<string, MemoryQueue>();
  readonly #journals = new Map<string, Journal>();
  readonly #bindings = new ResultBindings();
  readonly #subscribers = new Set<BroadcastConsumer>();
  readonly #schedule = new Schedule();
  readonly keepAlive: KeepAlive = new KeepAlive();

  /** All or nothing. @throws LigatureError `QUEUE_MISMATCH` */
  declare(declarations: readonly QueueDeclaration[]): void {
    for (const { name, properties, asFound } of declarations) {
      const existing = this.#queues.get(name);
      if (existing !== undefined && asFound !== true) checkSameProperties(name, existing.declaration.properties, properties);
    }
    for (const declaration of declarations) {
      const existing = this.#queues.get(declaration.name);
      if (existing === undefined) this.#create(declaration);
      else existing.touch();
    }
  }

  declareJournal({ name, maxBytes }: JournalQueue): void {
    if (!this.#journals.has(name)) this.#journals.set(name, new Journal(maxBytes));
  }

  /** @throws LigatureError `UNROUTABLE` */
  journal(name: string): Journal {
    const journal = this.#journals.get(name);
    if (journal === undefined)
      throw new LigatureError("UNROUTABLE", `There is no journal "${name}" to follow. Declare it first.`);
    return journal;
  }

  /** @throws LigatureError `UNROUTABLE` */
  queue(name: string): MemoryQueue {
    const queue = this.#queues.get(name);
    if (queue === undefined) {
      throw new LigatureError("UNROUTABLE", `There is no queue "${name}" to consume from. Declare it first.`);
    }
    return queue;
  }

  /** Undefined when there is no such queue. Counts as use. */
  inspect(name: string): QueueStatus | undefined {
    const queue = this.#queues.get(name);
    queue?.touch();
    return queue === undefined ? undefined : { ready: queue.ready, consumers: queue.consumers };
  }

  /** @throws LigatureError `UNROUTABLE` when there is no such queue */
  bind(name: string, key: string): void {
    this.queue(name);
    this.#bindings.add(key, name);
  }

  unbind(name: string, key: string): void {
    this.#bindings.remove(key, name);
  }

  /** Undefined when there is no such queue. */
  claim(name: string): MemoryClaim | undefined {
    return this.#queues.get(name)?.claim();
  }

  /** With what is in it. Its consumers get nothing more. */
  deleteQueue(name: string): void {
    this.#queues.get(name)?.discard();
    this.#queues.delete(name);
    this.#bindings.forgetQueue(name);
  }

  /** Puts a message into its queue. @throws LigatureError `UNROUTABLE` | `QUEUE_FULL` */
  publish(message: Message): void {
    const { exchange, routingKey } = message;
    const journal = exchange === "" ? this.#journals.get(routingKey) : undefined;
    if (journal !== undefined) {
      journal.put(message);
      return;
    }
    const bound = exchange === resultExchange ? this.#bindings.queuesOf(routingKey) : [];
    if (bound.length === 0) this.#admitted(message).put(message);
    else for (const name of bound) this.queue(name).put(message);
  }

  /**
   * Puts a message into its queue when its time has come, unless the queue has gone by then. As on RabbitMQ a
   * delay ends at a queue, not at an exchange.
   * @param delay milliseconds
   * @param onUndeliverable takes it when the queue has gone
   * @throws LigatureError `UNROUTABLE` when there is no such queue now
   */
  publishLater(message: Message, delay: number, onUndeliverable: (message: Message) => void): void {
    const { name } = this.#route(message);
    const addressed = Object.freeze({ ...message, exchange: "", routingKey: name });
    this.#schedule.in(delay, () => {
      const queue = this.#queues.get(name);
      if (queue === undefined) onUndeliverable(addressed);
      else queue.put(addressed);
    });
  }

  /** @throws LigatureError `QUEUE_FULL` | `UNROUTABLE` */
  #admitted(message: Message): MemoryQueue {
    const queue = this.#route(message);
    const { mostWaiting } = queue.declaration.properties;
    if (mostWaiting !== undefined && queue.ready >= mostWaiting) {
      throw queueFull(queue.name.slice(0, -entryQueue("").length), mostWaiting);
    }
    return queue;
  }

  #route({ exchange, routingKey }: Message): MemoryQueue {
    const queue = this.#queues.get(routingKey);
    if (queue === undefined || (exchange !== "" && exchange !== queue.declaration.exchange)) {
      throw new LigatureError(
        "UNROUTABLE",
        `No queue is bound to ${exchange === "" ? "the default exchange" : `exchange "${exchange}"`} with the key "${routingKey}". ` +
          "Has the queue's owner declared it on this broker, and is its name right?",
        { details: { exchange, routingKey } },
      );
    }
    return queue;
  }

  subscribe(consumer: BroadcastConsumer): void {
    this.#subscribers.add(consumer);
  }

  unsubscribe(consumer: BroadcastConsumer): void {
    this.#subscribers.delete(consumer);
  }

  broadcast(message: Message): void {
    for (const subscriber of this.#subscribers) subscriber.deliver(message);
  }

  /** Called when nobody holds the hub any longer: all messages are gone, all timers stopped. */
  discard(): void {
    this.#queues.clear();
    this.#journals.clear();
    this.#bindings.clear();
    this.#subscribers.clear();
    this.#schedule.clear();
  }

  #create(declaration: QueueDeclaration): void {
    const { name } = declaration;
    const { deadLetterQueue: target, expires } = declaration.properties;
    const onDead = (entry: QueueEntry, reason: DeathReason): void => {
      if (target !== undefined) this.#queues.get(target)?.put(deadLetter(entry.message, name, target, reason));
    };
    const expiry = expires === undefined ? undefined : new QueueExpiry(this.#schedule, expires, () => this.deleteQueue(name));
    this.#queues.set(name, new MemoryQueue(declaration, { dead: onDead, delete: () => this.deleteQueue(name) }, expiry));
  }
}

/**
 * Holds the process open while anyone consumes, as the socket of a RabbitMQ connection would: else a program
 * that only waits for tasks would end at once.
 */
export class KeepAlive {
  #users = 0;
  #timer: Timer | undefined;

  retain(): void {
    this.#users += 1;
    this.#timer ??= keepAlive();
  }

  release(): void {
    this.#users -= 1;
    if (this.#users > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
