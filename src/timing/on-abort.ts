const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back when a signal is aborted that isn't yet. One signal may end very many waits, and Node warns of more than ten
 * listeners, so all of them share one.
 * @returns ends that
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  let callbacks = waiting.get(signal);
  if (callbacks === undefined) {
    const all = new Set<() => void>();
    callbacks = all;
    waiting.set(signal, all);
    signal.addEventListener("abort", () => all.forEach((each) => each()), { once: true });
  }
  const own = (): void => callback();
  callbacks.add(own);
  return () => void callbacks.delete(own);
}
