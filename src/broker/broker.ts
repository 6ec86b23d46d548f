import type { Logger } from "../logging/index.ts";
import type { LigatureError } from "../errors/index.ts";
import type { BrokerState } from "./broker-state.ts";
import type { QueueSpec } from "../contract/index.ts";
import { entryQueue, taskExchange, type Message } from "../protocol/index.ts";

export { entryQueue, taskExchange };

/** How a client proves who it is: by name and password, or by its TLS certificate (SASL EXTERNAL). */
export type BrokerAuth = "plain" | "external";

/** TLS for `amqps://`. PEM, as text or bytes; names are those of `node:tls`. */
export interface BrokerTls {
  /** Certificates that vouch for the server's. @default those that Node knows */
  readonly ca?: string | Uint8Array | readonly (string | Uint8Array)[];
  /** The client's own certificate. */
  readonly cert?: string | Uint8Array;
  /** Its private key. */
  readonly key?: string | Uint8Array;
  /** Of the private key. */
  readonly passphrase?: string;
  /** The name that the server's certificate must be for. @default the URL's host */
  readonly servername?: string;
  /** Whether the server's certificate is checked. @default true */
  readonly verify?: boolean;
}

/** What every broker is opened with; limits are compiled by the app, so all are set. Times are milliseconds. */
export interface BrokerOptions {
  /** Shown in the broker's own list of connections. */
  readonly name: string;
  readonly log: Logger;
  /** How long a publish may wait for its confirm when the caller gives no deadline. */
  readonly publishTimeout: number;
  /** The largest body that is sent, in bytes. */
  readonly maxPayload: number;
  /** How many publishes may be unconfirmed or waiting for a connection; more are refused with `NOT_SENT`. */
  readonly maxUnconfirmed: number;
  readonly tls?: BrokerTls | undefined;
  /** @default "plain" */
  readonly auth?: BrokerAuth | undefined;
  /** Told each state that follows the first. */
  readonly onState?: ((state: BrokerState) => void) | undefined;
  /** Whether to go on waiting when the first connection is refused and only a person can mend that. @default false */
  readonly retryRefused?: boolean | undefined;
}

/** The durable direct exchange of results that are kept for others than their caller; the routing key is the task's id. */
export const resultExchange = "ligature.results";

/** How long something may take that needs the broker. */
export interface Patience {
  /** Epoch milliseconds. @default the broker's `publishTimeout` from now */
  readonly giveUpAt?: number | undefined;
}

export interface PublishOptions {
  /** Milliseconds that the message waits in the broker before it is routed. @default 0 */
  readonly delay?: number | undefined;
  /**
   * Epoch milliseconds after which the publish is given up: withdrawn, if it has not been written yet.
   * @default the broker's `publishTimeout` from now
   */
  readonly giveUpAt?: number | undefined;
  /** Gives the publish up with `ABORTED`: withdraws it, if it has not been written yet. */
  readonly signal?: AbortSignal | undefined;
}

/** One message handed to a consumer. Exactly one of `ack`, `requeue`, `deadLetter` settles it; more are ignored. */
export interface Delivery {
  readonly message: Message;
  readonly queue: string;
  /** It was delivered before and not settled. */
  readonly redelivered: boolean;
  /** How often it was delivered before, where the broker counts (quorum queues, memory); otherwise 0 or 1. */
  readonly deliveryCount: number;
  /** Done. Settling is not confirmed by the broker; after a lost connection it has no effect and the message comes again. */
  ack(): void;
  /** Back into the queue, for any consumer. Counts as a delivery. */
  requeue(): void;
  /** Into `<queue>.dead`, where the queue has one; otherwise dropped. */
  deadLetter(): void;
}

export interface ConsumeOptions {
  /** How many unsettled messages the broker hands out at a time. 1 to 65535. */
  readonly prefetch: number;
  /**
   * Milliseconds that a message may stay unsettled before the broker takes it back, for tasks that run longer than
   * the broker lets them by itself (RabbitMQ's `consumer_timeout`: 30 minutes). Honoured by
   * RabbitMQ from 4.3 on, for quorum queues; for classic queues it is refused there.
   * @default the broker's own
   */
  readonly holdTimeout?: number | undefined;
  /**
   * Only while nobody else consumes from the queue, and nobody else may meanwhile; refused with `REFUSED` otherwise. For
   * reply queues: RabbitMQ's quorum queues take no notice of it. @default false
   */
  readonly exclusive?: boolean | undefined;
}

/** A queue to declare. Its kind says what it is for, and with that how it is made. */
export type DeclaredQueue =
  | TaskQueue
  | SuspectsQueue
  | ReplyQueue
  | TemporaryQueue
  | LatestResultQueue
  | JournalQueue
  | BatonQueue;

/**
 * A contract's queue, with its dead-letter queue and its binding to {@link taskExchange}; with `maxLength` also the entry in
 * front of it. One that Celery owns is declared as Celery's defaults would.
 */
export interface TaskQueue {
  readonly kind: "task";
  readonly spec: QueueSpec;
}

/**
 * Beside a contract's queue, of its type: for requests that are suspected of ending their workers. Consumed by one at a time;
 * has the contract's dead-letter queue.
 */
export interface SuspectsQueue {
  readonly kind: "suspects";
  readonly spec: QueueSpec;
}

/** A durable queue for the results of one caller. */
export interface ReplyQueue extends ExpiringQueue {
  readonly kind: "reply";
}

/**
 * A durable classic queue for one purpose of one moment. Unlike the others it is not declared again after a reconnect, and each
 * declaration asks the broker: when it is gone, that says something. Not to be consumed from: see {@link Broker.claim}.
 */
export interface TemporaryQueue extends ExpiringQueue {
  readonly kind: "temporary";
}

/**
 * A durable queue that holds the latest message only, of those that are published to {@link resultExchange} with a key. Each
 * declaration asks the broker. To be peeked into, not consumed from.
 */
export interface LatestResultQueue extends ExpiringQueue {
  readonly kind: "latest-result";
  readonly key: string;
}

/**
 * A durable queue that any number of readers read from its first message on, and that nobody takes anything out of. To be
 * followed, not consumed from: see {@link Broker.follow}.
 */
export interface JournalQueue {
  readonly kind: "journal";
  readonly name: string;
  /** Milliseconds after which a message may go. */
  readonly keep: number;
  /** Bytes, roughly: beyond that the oldest messages go. */
  readonly maxBytes: number;
}

/** A durable queue whose messages one consumer gets, and another one when that is gone, however often; nothing falls out of it. */
export interface BatonQueue {
  readonly kind: "baton";
  readonly name: string;
}

interface ExpiringQueue {
  readonly name: string;
  /** Milliseconds without use after which it is deleted. Publishing is no use; declaring, inspecting, peeking, claiming and consuming are. */
  readonly expires: number;
}

/** What a queue says of itself. */
export interface QueueStatus {
  /** Messages that are neither delivered nor claimed. */
  readonly ready: number;
  readonly consumers: number;
}

/** How a broker is doing, as far as this program knows. */
export interface BrokerStatus {
  readonly connected: boolean;
  /** Why the broker takes no messages for now; undefined when it does. */
  readonly blocked: string | undefined;
}

/**
 * Everything that was ready in a queue, in the hands of one. As long as it is held, others who claim the queue wait,
 * and what is published meanwhile waits for the next one, whether or not it is counted as ready. Losing the connection, or
 * the process, gives everything back.
 */
export interface Claim {
  /** In the order of the queue; at least one. */
  readonly messages: readonly Message[];
  /**
   * Ends the claim: `done` leave the queue, the others are back in their places when this resolves.
   * @throws LigatureError `CONNECTION_LOST` when the connection was lost before; then any of `done` may be back as well.
   */
  release(done: readonly Message[]): Promise<void>;
  /**
   * Deletes the queue with everything in it, and so ends the claim.
   * @throws LigatureError `CONNECTION_LOST` when that can't be known; then the messages are back, if the queue is still there.
   */
  deleteQueue(): Promise<void>;
}

export interface Consumer {
  /** Whether messages arrive now: false while it is being set up again after a lost connection, and after its end. */
  readonly active: boolean;
  /**
   * No more deliveries after this resolves. What was delivered and isn't settled stays with the consumer:
   * settle it before `close`, which returns the rest to the queue.
   */
  cancel(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Moves bytes with headers between named queues, and says what became of them. It knows no tasks, schemas,
 * retries or results. Everything that it set up (queues, consumers, unconfirmed publishes) it sets up again
 * after a lost connection, by itself.
 */
export interface Broker {
  /** For logs and errors; without credentials. */
  readonly address: string;
  readonly state: BrokerState;
  /** What the broker says of itself, once connected: `RabbitMQ 3.10.8`. */
  readonly product: string | undefined;
  readonly status: BrokerStatus;
  /**
   * Makes sure that a queue exists. Cached per connection, and declared again after a lost one, where its kind doesn't say otherwise.
   * @throws LigatureError `QUEUE_MISMATCH` when it exists with other properties; `NOT_SENT` when out of reach until `giveUpAt`.
   */
  declare(queue: DeclaredQueue, options?: Patience): Promise<void>;
  /**
   * How a queue is doing; undefined when there is no such queue. A message whose publish was confirmed before is counted, and
   * asking counts as use of a queue that expires.
   * @throws LigatureError `NOT_SENT` when out of reach until `giveUpAt`
   */
  inspect(queue: string, options?: Patience): Promise<QueueStatus | undefined>;
  /** From when this resolves until `unbind` a reply queue gets a copy of what is published to {@link resultExchange} with a key. */
  bind(replyQueue: string, key: string, options?: Patience): Promise<void>;
  unbind(replyQueue: string, key: string): Promise<void>;
  /**
   * The first message that is ready in a queue, and stays there: who looks at the same moment may find nothing. Undefined when there is none.
   * @throws LigatureError `UNROUTABLE` when there is no such queue; `NOT_SENT` when out of reach until `giveUpAt`.
   */
  peek(queue: string, options?: Patience): Promise<Message | undefined>;
  /**
   * Takes everything that is ready in a temporary queue. Waits for the broker as long as it takes, while another holds a
   * claim, and until there is at least one message. Resolves with undefined when there is no such queue, or no longer, and when `patience` has run out.
   * @param options.patience milliseconds to wait once the broker is there @default as long as it takes
   * @throws LigatureError `CONNECTION_LOST` when the connection is lost meanwhile: claim again.
   */
  claim(queue: string, options?: { readonly patience?: number | undefined }): Promise<Claim | undefined>;
  /**
   * Deletes a queue that nobody else uses, with what is in it; not knowing it is no error. Without any connection
   * nothing is done: a reply queue expires by itself.
   */
  deleteQueue(name: string): Promise<void>;
  /**
   * Resolves when the broker has taken responsibility for the message (persistent, mandatory, confirmed).
   * @throws LigatureError `UNROUTABLE` | `REFUSED` | `QUEUE_FULL` | `NOT_SENT` | `CONNECTION_LOST` | `PAYLOAD_TOO_LARGE` | `CLOSED`
   */
  publish(message: Message, options?: PublishOptions): Promise<void>;
  /** Hands out a queue's messages until cancelled, across reconnects. Waits for the broker as long as it takes. */
  consume(queue: string, options: ConsumeOptions, onDelivery: (delivery: Delivery) => void): Promise<Consumer>;
  /**
   * Hands over the messages of a journal, from the first on, then those that come; after a lost connection from where it was.
   * @throws LigatureError `UNROUTABLE` when there is no such journal, `REFUSED` when it may not be read
   */
  follow(journal: string, onMessage: (message: Message) => void): Promise<Consumer>;
  /** Sends to whoever subscribes now (Celery's remote control: fanout exchange `celery.pidbox`). Not stored. */
  broadcast(message: Pick<Message, "headers" | "properties" | "body">): Promise<void>;
  /** Receives broadcasts; not acknowledged. */
  subscribe(onMessage: (message: Message) => void): Promise<Consumer>;
  /**
   * The error of something that could not wait any longer, with what keeps the broker.
   * @param what `Nothing was sent`
   */
  notSent(what: string): LigatureError;
  /** Waits for unconfirmed publishes (5 seconds at most), then closes everything (2 seconds at most). Idempotent. */
  close(): Promise<void>;
}

/** The name of the queue that a queue's suspects are put aside in. */
export function suspectsQueue(queue: string): string {
  return `${queue}.suspects`;
}

/** The name of the queue that a queue's dead letters go to. */
export function deadLetterQueue(queue: string): string {
  return `${queue}.dead`;
}
