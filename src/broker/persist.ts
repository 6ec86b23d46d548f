import { LigatureError } from "../errors/index.ts";
import type { Logger } from "../logging/index.ts";
import { pause } from "../timing/index.ts";

const firstPause = 500;
const longestPause = 30_000;

/** A broker that refuses (a full queue, an alarm) or is away is asked again, ever less often, as long as it takes. */
export async function persist<T>(attempt: () => Promise<T>, log: Logger): Promise<T> {
  for (let wait = firstPause; ; wait = Math.min(wait * 2, longestPause)) {
    try {
      return await attempt();
    } catch (error) {
      if (
        !(error instanceof LigatureError) ||
        (error.code !== "REFUSED" && error.code !== "NOT_SENT" && error.code !== "CONNECTION_LOST")
      )
        throw error;
      log.warn({ error, retryInMs: wait }, "the broker did not do what was asked of it; trying again");
      await pause(wait);
    }
  }
}
