/** setTimeout holds 31 bits of milliseconds. */
const longestTimeout = 0x7fffffff;

/** The promise's outcome, or `error` when that isn't there in time. The promise itself goes on. @param giveUpAt epoch milliseconds */
export async function within<T>(promise: Promise<T>, giveUpAt: number | undefined, error: () => Error): Promise<T> {
  const wait = (giveUpAt ?? Number.POSITIVE_INFINITY) - Date.now();
  if (wait > longestTimeout) return promise;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(error()), Math.max(0, wait));
  });
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
