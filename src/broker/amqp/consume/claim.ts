import type { Channel, ChannelModel, ConsumeMessage } from "amqplib";
import { LigatureError } from "../../../errors/index.ts";
import type { Message } from "../../../protocol/index.ts";
import { after, deferred, type Deferred } from "../../../timing/index.ts";
import type { Claim } from "../../broker.ts";
import { declarationError, whenClosed, openChannel, refusalIn } from "../connection/index.ts";
import { messageOf } from "../codec/index.ts";

/**
 * Claims a queue that was declared with a single active consumer: of all who consume, RabbitMQ serves the first until
 * it goes. So the first message says that it is our turn. The channel is the claim's own: its end, whatever ends it,
 * returns what isn't acknowledged and lets the next one in.
 *
 *   waiting  for our turn, and for a message.  the queue is deleted, or isn't there, or patience runs out ─▶ over
 *   taking   until the queue has nothing ready.  deleted ─▶ over
 *   held     release(), deleteQueue() ─▶ over
 *
 * The channel, or its connection, may close at any point: then this throws, and all is back in the queue.
 * @param patience milliseconds
 * @throws LigatureError `CONNECTION_LOST`; `REFUSED` | `QUEUE_MISMATCH` when RabbitMQ doesn't let us consume
 */
export async function claimQueue(model: ChannelModel, queue: string, patience?: number): Promise<Claim | undefined> {
  const attempt = new Attempt(model, queue);
  const timer = patience === undefined ? undefined : after(patience, () => attempt.giveUp());
  try {
    return await attempt.take();
  } catch (error) {
    void attempt.giveBack();
    const refusal = refusalIn(error);
    if (refusal === undefined) throw lost(queue, error);
    if (refusal.code === 404) return undefined;
    throw declarationError(refusal, `queue "${queue}"`);
  } finally {
    timer?.cancel();
  }
}

class Attempt {
  readonly #model: ChannelModel;
  readonly #queue: string;
  readonly #received: ConsumeMessage[] = [];
  /** Rejects when the channel closes: what amqplib waits for on a connection that dies may never settle. */
  readonly #closed = deferred<never>();
  #channel: Channel | undefined;
  /** The queue is gone, or our patience. */
  #isOver = false;
  #news: Deferred<void> = deferred();

  constructor(model: ChannelModel, queue: string) {
    this.#model = model;
    this.#queue = queue;
    this.#closed.promise.catch(() => {});
  }

  async take(): Promise<Claim | undefined> {
    const forget = whenClosed(this.#model, () => this.#closed.reject(new Error("The connection was lost.")));
    try {
      const channel = await this.#unlessClosed(openChannel(this.#model, (error) => this.#onChannelClosed(error)));
      this.#channel = channel;
      await this.#unlessClosed(channel.consume(this.#queue, (message) => this.#onMessage(message)));
      await this.#more(0);
      for (;;) {
        const received = this.#received.length;
        const ready = await this.#ready(channel);
        if (ready === 0) break;
        await this.#more(received);
      }
      // n.b. a channel of RabbitMQ passes on a queue's answer before messages that the queue handed to it earlier; but
      // those come before the answer to whatever it is asked next.
      await this.#ready(channel);
      if (!this.#isOver) return new AmqpClaim(this.#model, channel, this.#queue, this.#received);
      // Awaited, since whoever counts next must count what was on its way to us.
      await this.#unlessClosed(this.giveBack());
      return undefined;
    } finally {
      forget();
    }
  }

  /** Has an effect as long as nothing has come. */
  giveUp(): void {
    if (this.#received.length === 0) this.#onMessage(null);
  }

  /** Everything is back in the queue when this resolves. */
  async giveBack(): Promise<void> {
    const channel = this.#channel;
    this.#channel = undefined;
    try {
      await channel?.close();
    } catch {
      // It is closed.
    }
  }

  async #ready(channel: Channel): Promise<number> {
    if (this.#isOver) return 0;
    return (await this.#unlessClosed(channel.checkQueue(this.#queue))).messageCount;
  }

  /** Waits until more than so many have come, or the queue is gone. */
  async #more(than: number): Promise<void> {
    while (this.#received.length <= than && !this.#isOver) await this.#unlessClosed(this.#news.promise);
  }

  #unlessClosed<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.#closed.promise]);
  }

  #onChannelClosed(error: Error | undefined): void {
    // Not when we give everything back: then the connection's end is all that matters.
    if (this.#channel === undefined) return;
    this.#channel = undefined;
    this.#closed.reject(error ?? new Error("The channel was closed."));
  }

  #onMessage(message: ConsumeMessage | null): void {
    if (message === null) this.#isOver = true;
    else this.#received.push(message);
    const news = this.#news;
    this.#news = deferred();
    news.resolve();
  }
}

class AmqpClaim implements Claim {
  readonly messages: readonly Message[];
  readonly #model: ChannelModel;
  readonly #channel: Channel;
  readonly #queue: string;
  readonly #received: readonly ConsumeMessage[];

  constructor(model: ChannelModel, channel: Channel, queue: string, received: readonly ConsumeMessage[]) {
    this.#model = model;
    this.#channel = channel;
    this.#queue = queue;
    // What comes from now on goes back with the rest.
    this.#received = [...received];
    this.messages = this.#received.map((each) => messageOf(each, queue));
  }

  async release(done: readonly Message[]): Promise<void> {
    const leaving = new Set(done);
    await this.#finish(async () => {
      for (const [index, received] of this.#received.entries()) {
        const message = this.messages[index];
        if (message !== undefined && leaving.has(message)) this.#channel.ack(received);
      }
    });
  }

  async deleteQueue(): Promise<void> {
    await this.#finish(() => this.#channel.deleteQueue(this.#queue));
  }

  /** n.b. when RabbitMQ has agreed to the close of a channel, what was open on it is back in its queue. */
  async #finish(last: () => Promise<unknown>): Promise<void> {
    const closed = deferred<never>();
    closed.promise.catch(() => {});
    const forget = whenClosed(this.#model, () => closed.reject(new Error("The connection was lost.")));
    try {
      // Throws when the channel has closed meanwhile.
      await Promise.race([last(), closed.promise]);
      await Promise.race([this.#channel.close(), closed.promise]);
    } catch (error) {
      throw lost(this.#queue, error);
    } finally {
      forget();
    }
  }
}

function lost(queue: string, cause: unknown): LigatureError {
  return new LigatureError(
    "CONNECTION_LOST",
    `The claim on queue "${queue}" was lost with its channel: ${cause instanceof Error ? cause.message : String(cause)}. What was claimed is back in the queue; claim it again.`,
    { cause },
  );
}
