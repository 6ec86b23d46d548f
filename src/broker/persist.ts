import { LigatureError } from "../errors/index.ts";
import type { Logger } from "../logging/index.ts";
import { pause } from "../timing/index.ts";

const firstPause = 500;
const longestPause = 30_000;

/**
 * Whether the broker refuses one thing, and will whenever it is asked: there is no such queue or exchange, it exists with other
 * properties, or this user may not publish there. What is full or away is another matter.
 */
export function isLastingRefusal(error: unknown): error is LigatureError {
  if (!(error instanceof LigatureError)) return false;
  const { code, details } = error;
  return code === "UNROUTABLE" || code === "QUEUE_MISMATCH" || (code === "REFUSED" && details?.["forbidden"] === true);
}

/**
 * A broker that refuses (a full queue, an alarm) or is away is asked again, ever less often, as long as it takes.
 * @param unless an error that is thrown at once all the same
 */
export async function persist<T>(attempt: () => Promise<T>, log: Logger, unless?: (error: unknown) => boolean): Promise<T> {
  for (let wait = firstPause; ; wait = Math.min(wait * 2, longestPause)) {
    try {
      return await attempt();
    } catch (error) {
      if (
        !(error instanceof LigatureError) ||
        unless?.(error) === true ||
        (error.code !== "REFUSED" && error.code !== "QUEUE_FULL" && error.code !== "NOT_SENT" && error.code !== "CONNECTION_LOST")
      )
        throw error;
      log.warn({ err: error, retryInMs: wait }, "the broker did not do what was asked of it; trying again");
      await pause(wait);
    }
  }
}
