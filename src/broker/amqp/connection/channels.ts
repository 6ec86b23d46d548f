import type { Channel, ChannelModel, ConfirmChannel } from "amqplib";
import { after, type Timer } from "../../../timing/index.ts";

/** Why a channel closed; undefined when its connection went, or it was asked to. */
export type OnChannelClosed = (error: Error | undefined) => void;

/** A channel whose end is told once, before amqplib tells it to whoever waits for something on the channel. */
export async function openChannel(model: ChannelModel, onClosed: OnChannelClosed): Promise<Channel> {
  return watch(await model.createChannel(), onClosed);
}

export async function openConfirmChannel(
  model: ChannelModel,
  highWaterMark: number,
  onClosed: OnChannelClosed,
): Promise<ConfirmChannel> {
  return watch(await model.createConfirmChannel({ highWaterMark }), onClosed);
}

/** Whether an error of amqplib's says that a channel is closing. By its name: amqplib isn't loaded before it is needed. */
export function isClosing(error: unknown): boolean {
  return error instanceof Error && error.name === "IllegalOperationError";
}

function watch<T extends Channel>(channel: T, onClosed: OnChannelClosed): T {
  let refusal: Error | undefined;
  channel.on("error", (error) => {
    refusal = error;
  });
  channel.prependListener("close", () => onClosed(refusal));
  return channel;
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
