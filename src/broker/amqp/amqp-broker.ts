import { LigatureError } from "../../errors/index.ts";
import type { Outages } from "../../logging/index.ts";
import type { Message } from "../../protocol/index.ts";
import { Deadlines, onAbort, settlesWithin } from "../../timing/index.ts";
import {
  suspectsQueue,
  resultExchange,
  type Broker,
  type BrokerOptions,
  type BrokerStatus,
  type Claim,
  type ConsumeOptions,
  type Consumer,
  type DeclaredQueue,
  type Delivery,
  type Patience,
  type PublishOptions,
  type QueueStatus,
} from "../broker.ts";
import type { BrokerState } from "../broker-state.ts";
import { checkAddress, checkQueueName } from "./codec/index.ts";
import { Connection, outagesOf, type BrokerAddress, type ConnectionOptions } from "./connection/index.ts";
import {
  BroadcastSource,
  claimQueue,
  Consumption,
  type ConsumptionSource,
  JournalSource,
  parkBy,
  QueueSource,
} from "./consume/index.ts";
import {
  controlExchange,
  declarationOf,
  declaredControlExchange,
  delayedRoute,
  directRoute,
  peekAt,
  QueueInspector,
  resultBinding,
  Topology,
  type WrittenRoute,
} from "./declare/index.ts";
import {
  aborted,
  closedBefore,
  Obstacles,
  PendingPublish,
  Publisher,
  type PublishOutcome,
  targetOf,
  tooLarge,
} from "./publish/index.ts";

/** Milliseconds that close() waits for confirms. */
const drainTimeout = 5000;
/** Milliseconds that a look at a consumer's queue may take. */
const inspectTimeout = 5000;
/** Milliseconds that it then waits for consumers; their channels end with their connection anyway. */
const consumersTimeout = 1000;

/** Puts the parts together; each of them tells its own story. */
export class AmqpBroker implements Broker {
  readonly address: string;
  readonly #parsed: BrokerAddress;
  readonly #options: BrokerOptions;
  readonly #outages: Outages;
  readonly #obstacles: Obstacles;
  readonly #topology: Topology;
  readonly #publisher: Publisher;
  readonly #inspector: QueueInspector;
  readonly #publishing: Connection;
  /** Apart, since RabbitMQ blocks whole connections that publish while it is low on memory or disk. */
  #consuming: Connection | undefined;
  readonly #consumptions = new Set<Consumption>();
  #closing: Promise<void> | undefined;

  constructor(address: BrokerAddress, options: BrokerOptions) {
    const { log } = options;
    this.address = address.display;
    this.#parsed = address;
    this.#options = options;
    this.#outages = outagesOf(log, address);
    this.#obstacles = new Obstacles(address.display, this.#outages, options);
    const connection = (): Connection => this.#publishing;
    this.#topology = new Topology({
      connection,
      log,
      notSent: (what) => this.#obstacles.notSent(`${what} was not declared`),
    });
    this.#inspector = new QueueInspector({ connection, notSent: (what) => this.#obstacles.notSent(what) });
    const tools = { topology: this.#topology, obstacles: this.#obstacles, deadlines: new Deadlines() };
    this.#publisher = new Publisher({ connection, ...tools });
    this.#publishing = this.#openPublishing();
  }

  get state(): BrokerState {
    return this.#obstacles.state;
  }

  get product(): string | undefined {
    return this.#publishing.product;
  }

  get status(): BrokerStatus {
    const connections = [this.#publishing, this.#consuming ?? this.#publishing];
    return { connected: connections.every(({ model }) => model !== undefined), blocked: this.#obstacles.blocked?.reason };
  }

  async declare(queue: DeclaredQueue, options: Patience = {}): Promise<void> {
    this.#mustBeOpen();
    checkQueueName("spec" in queue ? suspectsQueue(queue.spec.name) : queue.name);
    if (queue.kind === "latest-result") checkAddress({ exchange: resultExchange, routingKey: queue.key });
    if (queue.kind === "task") this.#publisher.know(queue.spec);
    await this.#topology.ensure(declarationOf(queue), this.#giveUpAt(options.giveUpAt));
  }

  async inspect(queue: string, options: Patience = {}): Promise<QueueStatus | undefined> {
    this.#mustBeOpen();
    checkQueueName(queue);
    return this.#inspector.ask(queue, this.#giveUpAt(options.giveUpAt));
  }

  async bind(queue: string, key: string, options: Patience = {}): Promise<void> {
    this.#mustBeOpen();
    checkQueueName(queue);
    checkAddress({ exchange: resultExchange, routingKey: key });
    await this.#topology.ensure(resultBinding(queue, key), this.#giveUpAt(options.giveUpAt));
  }

  async unbind(queue: string, key: string): Promise<void> {
    this.#mustBeOpen();
    checkQueueName(queue);
    checkAddress({ exchange: resultExchange, routingKey: key });
    await this.#topology.undo(resultBinding(queue, key));
  }

  async peek(queue: string, options: Patience = {}): Promise<Message | undefined> {
    this.#mustBeOpen();
    checkQueueName(queue);
    const look = peekAt(queue);
    await this.#topology.ensure(look.declaration, this.#giveUpAt(options.giveUpAt));
    return look.found();
  }

  async claim(queue: string, options: { readonly patience?: number | undefined } = {}): Promise<Claim | undefined> {
    this.#mustBeOpen();
    checkQueueName(queue);
    return claimQueue(await this.#publishing.connected(), queue, options.patience);
  }

  async deleteQueue(name: string): Promise<void> {
    this.#mustBeOpen();
    checkQueueName(name);
    await this.#topology.removeQueue(name, this.#consuming?.model, this.#obstacles.blocked !== undefined);
  }

  publish(message: Message, options: PublishOptions = {}): Promise<void> {
    // What is thrown in here rejects the promise.
    return new Promise((resolve, reject) => {
      const { delay } = options;
      const route =
        delay !== undefined && delay > 0 ? delayedRoute(delay, message.exchange, message.routingKey) : directRoute(message);
      this.#publish(message, route, { stored: true, giveUpAt: options.giveUpAt, signal: options.signal }, resolve, reject);
    });
  }

  broadcast(message: Pick<Message, "headers" | "properties" | "body">): Promise<void> {
    return new Promise((resolve, reject) => {
      const addressed = { ...message, exchange: controlExchange, routingKey: "" };
      const route = { exchange: controlExchange, routingKey: "", requires: [declaredControlExchange] };
      this.#publish(addressed, route, { stored: false }, resolve, reject);
    });
  }

  async consume(queue: string, options: ConsumeOptions, onDelivery: (delivery: Delivery) => void): Promise<Consumer> {
    const { log } = this.#options;
    checkQueueName(queue);
    const inspect = (name: string): Promise<QueueStatus | undefined> => this.#inspector.ask(name, Date.now() + inspectTimeout);
    const park = parkBy({
      publish: (message) => this.publish(message, { giveUpAt: Number.POSITIVE_INFINITY }),
      restoreQueue: (name) => this.#topology.restoreQueue(name),
      log,
    });
    const tools = { topology: this.#topology, park, inspect, log };
    return this.#consume(new QueueSource(queue, options, onDelivery, tools));
  }

  async subscribe(onMessage: (message: Message) => void): Promise<Consumer> {
    return this.#consume(new BroadcastSource(onMessage, this.#options.log));
  }

  async follow(journal: string, onMessage: (message: Message) => void): Promise<Consumer> {
    return this.#consume(new JournalSource(journal, onMessage, { topology: this.#topology, log: this.#options.log }));
  }

  notSent(what: string): LigatureError {
    return this.#obstacles.notSent(what);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #publish(
    message: Message,
    route: WrittenRoute,
    options: {
      readonly stored: boolean;
      readonly giveUpAt?: number | undefined;
      readonly signal?: AbortSignal | undefined;
    },
    resolve: () => void,
    reject: (error: Error) => void,
  ): void {
    this.#mustBeOpen();
    const { maxPayload, maxUnconfirmed } = this.#options;
    const { refusal } = this.#publishing;
    if (refusal !== undefined) throw refusal;
    if (message.body.byteLength > maxPayload) throw tooLarge(message, maxPayload, "the limit (option maxPayload)");
    if (this.#publisher.size >= maxUnconfirmed) {
      throw this.#obstacles.notSent(
        `The message for ${targetOf(message)} was not sent, as ${maxUnconfirmed} are unconfirmed already (option maxUnconfirmed)`,
      );
    }
    const giveUpAt = this.#giveUpAt(options.giveUpAt);
    const { signal } = options;
    const outcome: PublishOutcome = { resolve, reject, expire: this.#expire };
    const publish = new PendingPublish(message, route, options.stored, giveUpAt, outcome);
    if (options.giveUpAt !== undefined && giveUpAt <= Date.now()) throw this.#obstacles.expired(publish);
    if (signal?.aborted === true) throw aborted(publish, signal);
    if (signal !== undefined)
      outcome.settled = onAbort(signal, () => this.#publisher.withdraw(publish, aborted(publish, signal)));
    this.#publisher.add(publish);
  }

  readonly #expire = (publish: PendingPublish): void => this.#publisher.withdraw(publish, this.#obstacles.expired(publish));

  #giveUpAt(given: number | undefined): number {
    return given ?? Date.now() + this.#options.publishTimeout;
  }

  #openPublishing(): Connection {
    return new Connection(this.#connectionOptions(this.#options.name), {
      setUp: async (model) => {
        await this.#topology.restore(model);
        await this.#publisher.attach(model);
      },
      up: () => this.#publisher.resume(),
      refused: (error) => this.#publisher.abandon(() => error),
      down: (error) => this.#publisher.detach(error),
      blocked: (reason) => this.#publisher.block(reason),
      unblocked: () => this.#publisher.block(undefined),
    });
  }

  async #consume(source: ConsumptionSource): Promise<Consumer> {
    this.#mustBeOpen();
    this.#consuming ??= new Connection(this.#connectionOptions(`${this.#options.name} (consumer)`), {});
    const consumption = new Consumption(this.#consuming, source, this.#options.log, (closed) =>
      this.#consumptions.delete(closed),
    );
    this.#consumptions.add(consumption);
    await consumption.started();
    return consumption;
  }

  #connectionOptions(name: string): ConnectionOptions {
    return { address: this.#parsed, name, outages: this.#outages, retryRefused: this.#options.retryRefused ?? false };
  }

  #mustBeOpen(): void {
    if (this.#closing !== undefined) throw new LigatureError("CLOSED", `The broker at ${this.address} has been closed.`);
  }

  /** Publishes first, so that whoever waits for a confirm can still acknowledge what led to it. */
  async #close(): Promise<void> {
    await settlesWithin(this.#publisher.drained(), drainTimeout);
    this.#publisher.abandon(closedBefore);
    // One that still waits for a connection is told by its connection.
    await settlesWithin(Promise.all([...this.#consumptions].map((consumption) => consumption.close())), consumersTimeout);
    await Promise.all([this.#publishing.close(), this.#consuming?.close()]);
    this.#obstacles.enter({ state: "closed" });
  }
}
