import { after, type Timer } from "./timers.ts";

/**
 * The promise's outcome, or `error` when that isn't there in time; what is too late already is refused, however quick the
 * promise would be. The promise itself goes on.
 * @param giveUpAt epoch milliseconds; infinity, or undefined, is never
 */
export function within<T>(promise: Promise<T>, giveUpAt: number | undefined, error: () => Error): Promise<T> {
  const wait = (giveUpAt ?? Number.POSITIVE_INFINITY) - Date.now();
  if (wait === Number.POSITIVE_INFINITY) return promise;
  return new Promise((resolve, reject) => {
    // Also of what nobody waits for any more the rejection is heard.
    promise.then(resolve, reject).finally(() => timer?.cancel());
    if (wait <= 0) reject(error());
    const timer = wait <= 0 ? undefined : after(wait, () => reject(error()));
  });
}

/** Resolves when the promise has settled, with true, or when so many milliseconds have passed, with false. Never rejects. */
export async function settlesWithin(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: Timer | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = after(milliseconds, () => resolve(false));
  });
  const settled = promise.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([settled, late]);
  } finally {
    timer?.cancel();
  }
}
