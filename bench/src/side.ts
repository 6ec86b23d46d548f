/** Who is measured: code by hand on amqplib, or Ligature. Both implement the interfaces of this file. */
export type Side = "raw" | "ligature";

export const sides: readonly Side[] = ["raw", "ligature"];

/** What `echoItem` and its like are given and give back: what most tasks are like. */
export interface Item {
  readonly id: number;
  readonly name: string;
  readonly at: string;
}

export type QueueType = "quorum" | "classic";

/** How amqplib calls back: with an error, or without. */
export type Done = (error?: Error | null) => void;

export interface ClientOptions {
  readonly url: string;
  /** Where requests go; its worker is another process. */
  readonly queue: string;
  /** Of both queues. @default "quorum" */
  readonly queueType?: QueueType;
  /** Where success callbacks come back to this process. */
  readonly callbackQueue: string;
}

/** What a program that sends tasks does, written once per side. */
export interface Client {
  /** Sends a task whose result nobody wants; `done` once the broker has confirmed it. */
  post(n: number, done: Done): void;
  /** Sends a task with a result. Resolves once the broker has confirmed it. */
  send(n: number): Promise<Sent>;
  /** Sends and awaits the result. */
  call(n: number): Promise<number>;
  callText(text: string): Promise<string>;
  /** Those with an item send all of Celery's headers, as Celery does: both sides. */
  callItem(item: Item): Promise<Item>;
  postItem(item: Item, done: Done): void;
  /** Begins to receive success callbacks. */
  listen(onRecord: (key: number) => void): Promise<void>;
  /** Sends a task whose success callback is called with `key`. Resolves once the broker has confirmed it. */
  sendLinked(key: number): Promise<void>;
  sendLinkedItem(key: number, item: Item): Promise<void>;
  close(): Promise<void>;
}

/** In an object, since a function can't resolve with a promise. */
export interface Sent {
  readonly answer: Promise<number>;
}

export interface WorkerOptions {
  readonly url: string;
  readonly queue: string;
  readonly queueType?: QueueType;
  readonly prefetch: number;
  /** Called by every handler. */
  readonly onHandled: () => void;
}

/** A program that runs tasks; consumes from its start until it is closed. */
export interface Worker {
  close(): Promise<void>;
}

/** What a side's folder offers. */
export interface SideModule {
  openClient(options: ClientOptions): Promise<Client>;
  openWorker(options: WorkerOptions): Promise<Worker>;
}
