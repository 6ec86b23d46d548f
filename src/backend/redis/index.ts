/** `redis://`: results are kept in Redis, where Celery keeps them, for whoever asks. */
import { checkPeer } from "../../peers/index.ts";
import type { BackendOptions, ResultBackend } from "../backend.ts";
import { parseRedisUrl } from "../../redis/index.ts";
import { RedisBackend } from "./redis-backend.ts";

export { Keys } from "./keys.ts";
export { Subscriptions } from "./subscriptions.ts";

/**
 * Returns at once; connecting goes on in the background.
 * @throws LigatureError `INVALID_OPTION` for a URL that can't be read, or that has an option which isn't known, and when ioredis isn't installed
 */
export function openRedisBackend(url: string, options: BackendOptions): ResultBackend {
  const address = parseRedisUrl(url);
  checkPeer("ioredis");
  return new RedisBackend(address, options);
}
