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

/** The promise's outcome, or `error` as soon as the signal is aborted. The promise itself goes on. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined, error: () => Error): Promise<T> {
  if (signal === undefined) return promise;
  let forget: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    if (signal.aborted) reject(error());
    else forget = onAbort(signal, () => reject(error()));
  });
  // Whichever is later is heard, too.
  promise.catch(() => {});
  try {
    return await Promise.race([aborted, promise]);
  } finally {
    forget?.();
  }
}
