import { entryQueue, type Broker, type Consumer, type Delivery } from "../../broker/index.ts";
import type { QueueSpec } from "../../contract/index.ts";
import type { Logger } from "../../logging/index.ts";
import { asLongAsItTakes } from "../../outgoing/index.ts";
import type { Message } from "../../protocol/index.ts";
import type { ContractRef } from "../../signature/index.ts";
import type { KnownRevocations } from "./known-revocations.ts";

/** Milliseconds of RabbitMQ's default `consumer_timeout`: it takes a message back from a consumer that holds it longer. */
const brokersDefault = 30 * 60 * 1000;
/** What a request may take besides its handler: waiting for a slot, retries of what it sends. */
const margin = 5 * 60 * 1000;

/** What a worker consumes: the queues of its contract, and remote control. */
export class Consumers {
  readonly #contract: ContractRef;
  readonly #broker: Broker;
  readonly #known: KnownRevocations;
  readonly #prefetch: number;
  readonly #log: Logger;
  readonly #consumers: Consumer[] = [];
  #cancelled = false;

  constructor(options: {
    readonly contract: ContractRef;
    readonly broker: Broker;
    readonly known: KnownRevocations;
    readonly prefetch: number;
    readonly log: Logger;
  }) {
    this.#contract = options.contract;
    this.#broker = options.broker;
    this.#known = options.known;
    this.#prefetch = options.prefetch;
    this.#log = options.log;
  }

  /**
   * Waits for the broker as long as it takes. `cancel()` may come at any await; then nothing more is set up, and what was is
   * closed by it.
   * @param onDelivery also told the contract's queue
   * @param before called when the queues are there, and awaited before anything is consumed from them
   * @returns the names of the queues
   */
  async start(
    onCommand: (message: Message) => void,
    onDelivery: (delivery: Delivery, queue: string) => void,
    before: () => Promise<void>,
  ): Promise<readonly string[]> {
    const queues = queuesOf(this.#contract);
    for (const queue of queues.values()) {
      await this.#broker.declare({ kind: "task", spec: queue }, { giveUpAt: asLongAsItTakes });
    }
    // Revocations first: one that comes between the first request and the subscription would be missed.
    await this.#adopt(() => this.#broker.subscribe(onCommand));
    if (await this.#adopt(() => this.#known.follow())) await this.#known.catchUp();
    if (!this.#cancelled) await before();
    for (const queue of queues.values()) {
      const options = { prefetch: this.#prefetch, holdTimeout: this.#holdTimeout(queue) };
      const deliver = (delivery: Delivery): void => onDelivery(delivery, queue.name);
      await this.#adopt(() => this.#broker.consume(queue.name, options, deliver));
      if (queue.maxLength !== undefined) await this.#adopt(() => this.#broker.consume(entryQueue(queue.name), options, deliver));
    }
    return [...queues.keys()];
  }

  /** Whether messages of all that it consumes arrive now. */
  get active(): boolean {
    return this.#consumers.length > 0 && this.#consumers.every(({ active }) => active);
  }

  /** Takes no more deliveries; those that were taken can still be settled. */
  async cancel(): Promise<void> {
    this.#cancelled = true;
    await Promise.all(this.#consumers.map((consumer) => consumer.cancel()));
  }

  async close(): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.close()));
  }

  /** @returns whether it consumes now */
  async #adopt(consume: () => Promise<Consumer | undefined>): Promise<boolean> {
    if (this.#cancelled) return false;
    const consumer = await consume();
    if (consumer === undefined) return false;
    if (this.#cancelled) {
      await consumer.close();
      return false;
    }
    this.#consumers.push(consumer);
    return true;
  }

  /** A task may run longer than RabbitMQ lets a consumer hold a message by itself. */
  #holdTimeout(queue: QueueSpec): number | undefined {
    const holdTimeout = holdTimeoutOf(this.#contract, queue);
    const { product } = this.#broker;
    if (holdTimeout === undefined || honoursHoldTimeout(product, queue)) return holdTimeout;
    const policy = takesHoldPolicy(product) ? ', or for this queue by a policy with "consumer-timeout"' : "";
    this.#log.warn(
      { queue: queue.name, minutes: holdTimeout / 60_000 },
      `${product} takes a message back after its consumer_timeout (30 minutes by default), and a task of this queue may run longer: set it higher in rabbitmq.conf${policy}`,
    );
    return undefined;
  }
}

/** The queues of a contract's tasks, by name. */
export function queuesOf(contract: ContractRef): ReadonlyMap<string, QueueSpec> {
  return new Map([...contract.tasks.values()].map((task) => [task.spec.queue.name, task.spec.queue]));
}

/** How long a request of this queue may take, when that is longer than RabbitMQ allows by itself. */
export function holdTimeoutOf(contract: ContractRef, queue: QueueSpec): number | undefined {
  const limits = [...contract.tasks.values()].flatMap(({ spec }) =>
    spec.queue.name === queue.name ? [spec.timeLimit.hard ?? 0] : [],
  );
  const longest = Math.max(0, ...limits);
  return longest > brokersDefault ? longest + margin : undefined;
}

/**
 * Whether the broker lets a consumer say so: RabbitMQ from 4.3 on, for quorum queues. Before, it takes no notice (measured on
 * 3.10.8 and 4.0.5); for classic queues 4.3 refuses the consumer, so that the worker could not start.
 * @param product `RabbitMQ 3.10.8`; undefined where nothing is known
 */
export function honoursHoldTimeout(product: string | undefined, queue: QueueSpec): boolean {
  return product?.startsWith("RabbitMQ ") !== true || (queue.type === "quorum" && isFrom(product, 4, 3));
}

/** Whether a policy can give one queue another limit. */
function takesHoldPolicy(product: string | undefined): boolean {
  return isFrom(product, 3, 12);
}

function isFrom(product: string | undefined, wantedMajor: number, wantedMinor: number): boolean {
  const [major = 0, minor = 0] = (/^RabbitMQ (\d+)\.(\d+)/.exec(product ?? "") ?? []).slice(1).map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
