import type { Deadlines } from "../../timing/index.ts";

/** The promise's outcome, or `error` when that isn't there in time. The promise itself goes on. */
export function withinDeadline<T>(
  promise: Promise<T>,
  options: { readonly giveUpAt: number; readonly deadlines: Deadlines; readonly error: () => Error },
): Promise<T> {
  const { giveUpAt, deadlines, error } = options;
  if (giveUpAt === Number.POSITIVE_INFINITY) return promise;
  if (giveUpAt <= Date.now()) {
    // Too late is too late, however quick the broker is; nobody is left to hear of the outcome.
    promise.catch(() => {});
    return Promise.reject(error());
  }
  return new Promise((resolve, reject) => {
    const entry = { expire: () => reject(error()) };
    deadlines.add(entry, giveUpAt);
    promise.then(resolve, reject).finally(() => deadlines.remove(entry, giveUpAt));
  });
}
