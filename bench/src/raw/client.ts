import { randomUUID } from "node:crypto";
import type { ConsumeMessage } from "amqplib";
import type { Client, ClientOptions, Done, Item, Sent } from "../side.ts";
import { declareTaskQueue, openConnection, taskExchange, type Connection } from "./connection.ts";
import { celeryOptions, readBody, readResult, requestBody, requestOptions, type Callback } from "./message.ts";

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
  /** Epoch milliseconds. */
  readonly deadline: number;
}

const rpcTimeout = 10 * 60_000;

export async function openClient(options: ClientOptions): Promise<Client> {
  const connection = await openConnection(options.url);
  await declareTaskQueue(connection.consumer, options.queue, options.queueType);
  const replyQueue = `bench.raw.reply.${randomUUID()}`;
  await connection.consumer.assertQueue(replyQueue, { expires: 86_400_000, arguments: { "x-queue-type": "classic" } });
  const client = new RawClient(connection, options, replyQueue);
  await connection.consumer.prefetch(500);
  await connection.consumer.consume(replyQueue, (message) => client.onReply(message), { consumerTag: replyQueue });
  return client;
}

class RawClient implements Client {
  readonly #connection: Connection;
  readonly #options: ClientOptions;
  readonly #replyQueue: string;
  readonly #pending = new Map<string, Pending>();
  /** One timer for all calls, as somebody would write it who has measured a timer per call. */
  readonly #sweep: NodeJS.Timeout;

  constructor(connection: Connection, options: ClientOptions, replyQueue: string) {
    this.#connection = connection;
    this.#options = options;
    this.#replyQueue = replyQueue;
    this.#sweep = setInterval(() => this.#rejectLate(), 1000).unref();
  }

  post(n: number, done: Done): void {
    const id = randomUUID();
    this.#connection.publisher.publish(
      taskExchange,
      this.#options.queue,
      requestBody([n]),
      requestOptions("bench.note", id),
      done,
    );
  }

  send(n: number): Promise<Sent> {
    const id = randomUUID();
    const answer = this.#await<number>(id);
    return new Promise((resolve, reject) =>
      this.#request("bench.echo", id, n, (error) => (error ? reject(error) : resolve({ answer }))),
    );
  }

  call(n: number): Promise<number> {
    return this.#call("bench.echo", n);
  }

  callText(text: string): Promise<string> {
    return this.#call("bench.echoText", text);
  }

  callItem(item: Item): Promise<Item> {
    const id = randomUUID();
    const answer = this.#await<Item>(id);
    const options = celeryOptions("bench.echoItem", id, [item], this.#replyQueue);
    this.#connection.publisher.publish(
      taskExchange,
      this.#options.queue,
      requestBody([item]),
      options,
      (error?: Error | null) => {
        if (error) this.#pending.get(id)?.reject(error);
      },
    );
    return answer;
  }

  postItem(item: Item, done: Done): void {
    const options = celeryOptions("bench.noteItem", randomUUID(), [item]);
    this.#connection.publisher.publish(taskExchange, this.#options.queue, requestBody([item]), options, done);
  }

  async listen(onRecord: (key: number) => void): Promise<void> {
    const { consumer } = this.#connection;
    await declareTaskQueue(consumer, this.#options.callbackQueue, this.#options.queueType);
    await consumer.consume(this.#options.callbackQueue, (message) => {
      if (message === null) throw new Error("The callback queue is gone.");
      const [[, key]] = readBody(message);
      onRecord(key as number);
      consumer.ack(message);
    });
  }

  sendLinked(key: number): Promise<void> {
    const { queue, callbackQueue } = this.#options;
    const callback: Callback = {
      task: "bench.record",
      args: [key],
      options: { exchange: taskExchange, routing_key: callbackQueue },
    };
    return new Promise((resolve, reject) => {
      const done: Done = (error) => (error ? reject(error) : resolve());
      const options = requestOptions("bench.echo", randomUUID());
      this.#connection.publisher.publish(taskExchange, queue, requestBody([key], [callback]), options, done);
    });
  }

  sendLinkedItem(key: number, item: Item): Promise<void> {
    const { queue, callbackQueue } = this.#options;
    const callback: Callback = {
      task: "bench.recordItem",
      args: [key],
      options: { exchange: taskExchange, routing_key: callbackQueue },
    };
    return new Promise((resolve, reject) => {
      const done: Done = (error) => (error ? reject(error) : resolve());
      const options = celeryOptions("bench.echoItem", randomUUID(), [item]);
      this.#connection.publisher.publish(taskExchange, queue, requestBody([item], [callback]), options, done);
    });
  }

  onReply(message: ConsumeMessage | null): void {
    if (message === null) throw new Error("The reply queue is gone.");
    const { result } = readResult(message);
    const id = message.properties.correlationId as string;
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.resolve(result);
    this.#connection.consumer.ack(message);
  }

  async close(): Promise<void> {
    clearInterval(this.#sweep);
    await this.#connection.consumer.cancel(this.#replyQueue);
    await this.#connection.consumer.deleteQueue(this.#replyQueue);
    await this.#connection.close();
  }

  #call<T>(task: string, argument: T): Promise<T> {
    const id = randomUUID();
    const answer = this.#await<T>(id);
    this.#request(task, id, argument, (error) => {
      if (error) this.#pending.get(id)?.reject(error);
    });
    return answer;
  }

  #await<T>(id: string): Promise<T> {
    return new Promise<unknown>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, deadline: Date.now() + rpcTimeout });
    }) as Promise<T>;
  }

  #request(task: string, id: string, argument: unknown, done: Done): void {
    const options = requestOptions(task, id, this.#replyQueue);
    this.#connection.publisher.publish(taskExchange, this.#options.queue, requestBody([argument]), options, done);
  }

  #rejectLate(): void {
    const now = Date.now();
    for (const [id, { deadline, reject }] of this.#pending) {
      if (deadline > now) continue;
      this.#pending.delete(id);
      reject(new Error("Timed out"));
    }
  }
}
