const listeners = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back when a signal is aborted. Many may ask that of one signal, such as all calls of one job: Node warns of so many listeners.
 * @returns ends that
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  let callbacks = listeners.get(signal);
  if (callbacks === undefined) {
    const all = new Set<() => void>();
    callbacks = all;
    listeners.set(signal, all);
    signal.addEventListener(
      "abort",
      () => {
        for (const each of [...all]) each();
      },
      { once: true },
    );
  }
  const known = callbacks;
  // Its own object, so that the same function may be given twice.
  const own = (): void => callback();
  known.add(own);
  return () => void known.delete(own);
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
