import type { Channel, ChannelModel, ConsumeMessage } from "amqplib";
import type { EventSource, SourceListener } from "./source.ts";

export interface CeleryQueueOptions {
  /** An AMQP URL. */
  readonly url: string;
  /** Collects what is sent while the monitor isn't there. Two monitors with one name take turns: one hears, the other waits. */
  readonly queue: string;
  /** How many messages may be unsettled; one holds one event, or a batch of them. */
  readonly prefetch: number;
  /** Whether workers are asked to tell of their tasks. */
  readonly ask: boolean;
}

/** Celery's exchange for events, as Celery declares it. */
const exchange = "celeryev";

/** Celery's exchange for commands to all workers. */
const controlExchange = "celery.pidbox";

/** Milliseconds between two requests to tell of tasks: workers that start later hear one soon, and Ligature's stop when nobody asks any more. */
const askEvery = 10_000;

/** Milliseconds between attempts to connect. */
const retryEvery = 2_000;

/** The queue forgets what nobody has taken for an hour, and itself with it; and the oldest messages beyond this number. */
const queueArguments = {
  "x-expires": 3_600_000,
  "x-message-ttl": 3_600_000,
  "x-max-length": 500_000,
  "x-single-active-consumer": true,
};

/** Hears what Celery's and Ligature's workers publish on RabbitMQ. */
export function celeryQueue(options: CeleryQueueOptions): EventSource {
  return new CeleryQueue(options);
}

class CeleryQueue implements EventSource {
  readonly address: string;
  readonly #options: CeleryQueueOptions;
  #listener: SourceListener | undefined;
  #connection: ChannelModel | undefined;
  #timer: NodeJS.Timeout | undefined;
  #asking: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: CeleryQueueOptions) {
    this.#options = options;
    this.address = new URL(options.url).host;
  }

  listen(listener: SourceListener): void {
    this.#listener = listener;
    void this.#connect();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#asking);
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.close().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    if (this.#isClosed) return;
    try {
      const { connect } = await import("amqplib");
      const connection = await connect(this.#options.url, { clientProperties: { connection_name: "ligature monitor" } });
      if (this.#isClosed) {
        await connection.close();
        return;
      }
      this.#connection = connection;
      // Followed by `close`, which is where it is dealt with.
      connection.on("error", () => undefined);
      connection.on("close", (error?: Error) => this.#onLost(connection, error));
      await this.#consume(connection);
      this.#listener?.onConnected();
    } catch (error) {
      this.#onLost(this.#connection, error);
    }
  }

  async #consume(connection: ChannelModel): Promise<void> {
    const channel = await connection.createChannel();
    channel.on("error", () => undefined);
    channel.on("close", () => void connection.close().catch(() => undefined));
    await channel.assertExchange(exchange, "topic", { durable: true });
    await channel.assertQueue(this.#options.queue, { durable: true, arguments: queueArguments });
    await channel.bindQueue(this.#options.queue, exchange, "#");
    await channel.prefetch(this.#options.prefetch);
    // RabbitMQ cancels a consumer of a queue that is deleted; connecting again declares it.
    await channel.consume(this.#options.queue, (message) => {
      if (message === null) void connection.close().catch(() => undefined);
      else this.#onMessage(channel, connection, message);
    });
    if (this.#options.ask) await this.#ask(channel);
  }

  /** Asks all workers to send events of their tasks, as `celery control enable_events` does. */
  async #ask(channel: Channel): Promise<void> {
    await channel.assertExchange(controlExchange, "fanout", { durable: false });
    const command = { method: "enable_events", arguments: {}, destination: null, pattern: null, matcher: null };
    const body = Buffer.from(JSON.stringify(command));
    const properties = { contentType: "application/json", contentEncoding: "utf-8", headers: { clock: 0, expires: 0 } };
    const publish = (): void => void channel.publish(controlExchange, "", body, properties);
    publish();
    this.#asking = setInterval(publish, askEvery);
  }

  #onMessage(channel: Channel, connection: ChannelModel, message: ConsumeMessage): void {
    this.#listener?.onEvents(parse(message.content), () => {
      if (this.#connection === connection) channel.ack(message);
    });
  }

  #onLost(connection: ChannelModel | undefined, error: unknown): void {
    if (this.#isClosed || this.#connection !== connection) return;
    this.#connection = undefined;
    clearInterval(this.#asking);
    void connection?.close().catch(() => undefined);
    this.#listener?.onLost(reasonOf(error));
    this.#timer = setTimeout(() => void this.#connect(), retryEvery);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "the broker closed the connection";
  const { code } = error as NodeJS.ErrnoException;
  return code === "ERR_MODULE_NOT_FOUND" ? "amqplib isn't installed: npm i amqplib" : (code ?? error.message);
}

/** A batch is an array; what isn't JSON is handed on as one thing that is no event. */
function parse(content: Buffer): readonly unknown[] {
  try {
    const body: unknown = JSON.parse(content.toString("utf8"));
    return Array.isArray(body) ? body : [body];
  } catch {
    return [undefined];
  }
}
