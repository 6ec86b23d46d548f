/** `redis://`: results are kept in Redis, where Celery keeps them, for whoever asks. */
import type { BackendOptions, ResultBackend } from "../backend.ts";
import { parseRedisUrl } from "../../redis/index.ts";
import { RedisBackend } from "./redis-backend.ts";

export { Keys } from "./keys.ts";
export { Subscriptions } from "./subscriptions.ts";

/**
 * Returns at once; connecting goes on in the background.
 * @throws LigatureError `INVALID_OPTION` for a URL that can't be read, or that has an option which isn't known
 */
export function openRedisBackend(url: string, options: BackendOptions): ResultBackend {
  return new RedisBackend(parseRedisUrl(url), options);
}
