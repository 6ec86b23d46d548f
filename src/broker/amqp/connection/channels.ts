import type { Channel, ChannelModel, ConfirmChannel } from "amqplib";
import { after, deferred, type Timer } from "../../../timing/index.ts";

/** Why a channel closed; undefined when its connection went, or it was asked to. */
export type OnChannelClosed = (error: Error | undefined) => void;

/**
 * A channel whose end is told once, before amqplib tells it to whoever waits for something on the channel. Rejects when it
 * closed before anybody could listen: an answer and a close that arrive together are both dealt with before this goes on.
 */
export async function openChannel(model: ChannelModel, onClosed: OnChannelClosed): Promise<Channel> {
  return watch(await unlessLost(model, model.createChannel()), onClosed);
}

/** The same, for a channel that confirms what is published on it. */
export async function openConfirmChannel(
  model: ChannelModel,
  highWaterMark: number,
  onClosed: OnChannelClosed,
): Promise<ConfirmChannel> {
  return watch(await unlessLost(model, model.createConfirmChannel({ highWaterMark })), onClosed);
}

const channelLost = "ChannelLost";

/** Whether an error of amqplib's says that a channel is closing. By its name: amqplib isn't loaded before it is needed. */
export function isClosing(error: unknown): boolean {
  return error instanceof Error && error.name === "IllegalOperationError";
}

/** Whether an error says that its channel closed, for no reason that the broker gave: another channel may do. */
export function isChannelLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return isClosing(error) || error.name === channelLost || error.message === "Channel ended, no reply will be forthcoming";
}

function lost(what: string): Error {
  const error = new Error(what);
  error.name = channelLost;
  return error;
}

/** What of a channel is used here beyond amqplib's published types (amqplib 2.3.1, lib/channel.js). */
interface Internals {
  /** What waits for its turn; null once the channel is closed. */
  readonly pending?: readonly unknown[] | null;
}

function watch<T extends Channel>(channel: T, onClosed: OnChannelClosed): T {
  if ((channel as Internals).pending === null) throw lost("The channel was closed while it was being opened.");
  let refusal: Error | undefined;
  channel.on("error", (error) => {
    refusal = error;
  });
  channel.prependListener("close", () => onClosed(refusal));
  return channel;
}

/** Rejects when the connection closes: what amqplib waits for on a connection that dies may never settle. */
export async function unlessLost<T>(model: ChannelModel, work: Promise<T>): Promise<T> {
  const closed = deferred<never>();
  const forget = whenClosed(model, () => closed.reject(lost("The connection was lost.")));
  try {
    return await Promise.race([work, closed.promise]);
  } finally {
    forget();
  }
}

/**
 * One channel for short jobs, one at a time. It is opened when it is needed, belongs to one connection, and is given up after
 * a job that failed: a method that amqplib couldn't encode would keep the place of the next one's answer for ever.
 */
export class KeptChannel {
  #kept: { readonly model: ChannelModel; readonly channel: Channel } | undefined;

  /** Rejects with what the job rejects with, and when the connection is lost. */
  async use<T>(model: ChannelModel, job: (channel: Channel) => Promise<T>): Promise<T> {
    const channel = await this.#open(model);
    try {
      return await unlessLost(model, job(channel));
    } catch (error) {
      this.#drop(channel);
      throw error;
    }
  }

  async #open(model: ChannelModel): Promise<Channel> {
    if (this.#kept?.model === model) return this.#kept.channel;
    const channel = await openChannel(model, () => this.#forget(channel));
    this.#kept = { model, channel };
    return channel;
  }

  #forget(channel: Channel): void {
    if (this.#kept?.channel === channel) this.#kept = undefined;
  }

  #drop(channel: Channel): void {
    this.#forget(channel);
    closeQuietly(channel);
  }
}

/** For a channel that nobody uses any more, and that may be closed already. */
export function closeQuietly(channel: Channel): void {
  channel.close().catch(() => {});
}

/** Milliseconds that the broker may take to answer, where it makes no difference in the end. */
const answerTimeout = 1000;

/**
 * Resolves when the broker has answered, the channel has closed, or a second has passed. n.b. what amqplib waits
 * for on a connection that dies meanwhile may never settle.
 */
export async function answered(channel: Channel, answer: Promise<unknown>): Promise<void> {
  let timer: Timer | undefined;
  await new Promise<void>((resolve) => {
    timer = after(answerTimeout, resolve);
    channel.once("close", () => resolve());
    answer.then(
      () => resolve(),
      () => resolve(),
    );
  });
  timer?.cancel();
}

const listeners = new WeakMap<ChannelModel, Set<() => void>>();

/**
 * Calls back when a connection closes. Many may ask that of one connection: an emitter warns of so many listeners.
 * @returns ends that
 */
export function whenClosed(model: ChannelModel, callback: () => void): () => void {
  const known = listeners.get(model);
  const callbacks = known ?? new Set();
  if (known === undefined) {
    listeners.set(model, callbacks);
    model.once("close", () => {
      for (const each of callbacks) each();
    });
  }
  callbacks.add(callback);
  return () => void callbacks.delete(callback);
}
