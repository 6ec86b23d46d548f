import { setImmediate } from "node:timers";
import TinyQueue from "tinyqueue";
import type { Message } from "../../protocol/index.ts";
import type { DeathReason } from "./dead-letter.ts";
import { QueueClaims, type MemoryClaim } from "./queue-claims.ts";
import type { QueueEntry } from "./queue-entry.ts";
import type { QueueExpiry } from "./queue-expiry.ts";
import type { QueueDeclaration } from "./queue-properties.ts";

/** After so many deliveries in a row the event loop gets its turn. */
const batch = 256;

/** A queue's consumer, seen from the queue. */
export interface QueueReader {
  /** It wants no other beside it. */
  readonly exclusive: boolean;
  /** It may have one more unsettled message. */
  readonly hasRoom: boolean;
  deliver(entry: QueueEntry): void;
}

/**
 * One queue: what waits in it, and who takes from it.
 *
 * What waits is a heap by priority (highest first) and position. A new message's position is the last, and a
 * returned one keeps its own, so both kinds need the same step. Deliveries never happen inside a call of
 * anyone else: something to deliver *wakes* the queue, which then delivers from the event loop until it runs
 * out of messages or of consumers with room. Settling a message makes room and wakes it as well.
 */
export class MemoryQueue {
  readonly #waiting = new TinyQueue<QueueEntry>([], (a, b) => b.priority - a.priority || a.position - b.position);
  readonly #consumers: QueueReader[] = [];
  readonly #onDead: (entry: QueueEntry, reason: DeathReason) => void;
  readonly #claims: QueueClaims;
  #claimed = false;
  #expiry: QueueExpiry | undefined;
  #position = 0;
  /** The index of the consumer whose turn is next. */
  #turn = 0;
  #awake = false;

  readonly declaration: QueueDeclaration;

  constructor(
    declaration: QueueDeclaration,
    on: {
      /** Takes a message that leaves for the dead-letter queue, or for nowhere. */
      readonly dead: (entry: QueueEntry, reason: DeathReason) => void;
      /** Deletes this queue. */
      readonly delete: () => void;
    },
    expiry: QueueExpiry | undefined,
  ) {
    this.declaration = declaration;
    this.#onDead = on.dead;
    this.#claims = new QueueClaims({
      takeAll: () => this.#takeAll(),
      takeBack: (entry) => this.takeBack(entry),
      delete: on.delete,
      onUse: (used) => this.#onClaimed(used),
    });
    this.#expiry = expiry;
    expiry?.start();
  }

  get name(): string {
    return this.declaration.name;
  }

  get consumers(): number {
    return this.#consumers.length;
  }

  /** Consumed by one, who wants no other beside it. */
  get isExclusive(): boolean {
    return this.#consumers.some((consumer) => consumer.exclusive);
  }

  /** The message that is next, if any. Looking is use. */
  peek(): Message | undefined {
    this.touch();
    return this.#waiting.peek()?.message;
  }

  /** How many messages wait. */
  get ready(): number {
    return this.#waiting.length;
  }

  /** Declared again, or counted, which is use. */
  touch(): void {
    if (this.#consumers.length === 0 && !this.#claimed) this.#expiry?.start();
  }

  claim(): MemoryClaim {
    return this.#claims.request();
  }

  /** It is no longer there: nothing may delete one of the same name in its place. */
  discard(): void {
    this.#expiry?.stop();
    this.#expiry = undefined;
    this.#claims.end();
  }

  put(message: Message): void {
    const { maxPriority, maxLength = Number.POSITIVE_INFINITY } = this.declaration.properties;
    const priority = maxPriority === undefined ? 0 : Math.min(message.properties.priority ?? 0, maxPriority);
    this.#waiting.push({ message, priority, position: this.#position, deliveries: 0 });
    this.#position += 1;
    while (this.#waiting.length > maxLength) this.#waiting.pop();
    this.#wake();
  }

  /** A message was settled, and its consumer has room for another one. */
  settled(): void {
    this.#wake();
  }

  /** Takes back what was delivered and not settled for good; a poison message goes to the dead letters. */
  takeBack(entry: QueueEntry): void {
    entry.deliveries += 1;
    const { deliveryLimit } = this.declaration.properties;
    if (deliveryLimit !== undefined && entry.deliveries > deliveryLimit) this.#onDead(entry, "delivery_limit");
    else this.#waiting.push(entry);
    this.#wake();
  }

  reject(entry: QueueEntry): void {
    this.#onDead(entry, "rejected");
    this.#wake();
  }

  attach(consumer: QueueReader): void {
    this.#consumers.push(consumer);
    this.#expiry?.stop();
    this.#wake();
  }

  detach(consumer: QueueReader): void {
    const index = this.#consumers.indexOf(consumer);
    if (index === -1) return;
    this.#consumers.splice(index, 1);
    if (index < this.#turn) this.#turn -= 1;
    this.touch();
  }

  #onClaimed(claimed: boolean): void {
    this.#claimed = claimed;
    if (claimed) this.#expiry?.stop();
    else this.touch();
  }

  #takeAll(): readonly QueueEntry[] {
    const entries: QueueEntry[] = [];
    for (let entry = this.#waiting.pop(); entry !== undefined; entry = this.#waiting.pop()) entries.push(entry);
    return entries;
  }

  #wake(): void {
    this.#claims.serve();
    if (this.#awake || this.#waiting.length === 0 || this.#consumers.length === 0) return;
    this.#awake = true;
    // n.b. imported, not global: a test that fakes the global timers fakes time, and delivering isn't about time.
    setImmediate(this.#deliver);
  }

  /** n.b. what a consumer is called with may settle, publish, cancel and close: nothing is remembered between two steps. */
  readonly #deliver = (): void => {
    for (let count = 0; count < batch; count += 1) {
      const consumer = this.#waiting.length > 0 ? this.#nextConsumer() : undefined;
      const entry = consumer === undefined ? undefined : this.#waiting.pop();
      if (consumer === undefined || entry === undefined) {
        this.#awake = false;
        return;
      }
      consumer.deliver(entry);
    }
    setImmediate(this.#deliver);
  };

  /** Round robin among the consumers that have room. */
  #nextConsumer(): QueueReader | undefined {
    const { length } = this.#consumers;
    for (let step = 0; step < length; step += 1) {
      const consumer = this.#consumers[this.#turn % length];
      this.#turn = (this.#turn + 1) % length;
      if (consumer?.hasRoom === true) return consumer;
    }
    return undefined;
  }
}
