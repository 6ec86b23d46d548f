import type { ChannelModel } from "amqplib";

const listeners = new WeakMap<ChannelModel, Set<() => void>>();

/**
 * Calls back when a connection closes. Many may ask that of one connection: an emitter warns of so many listeners.
 * @returns ends that
 */
export function onClosed(model: ChannelModel, callback: () => void): () => void {
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
