/** `redis://`: results are kept in Redis, where Celery keeps them, for whoever asks. */
import type { ResultBackend } from "../backend.ts";
import type { BackendOptions } from "../options.ts";
import { parseRedisUrl } from "./address.ts";
import { RedisBackend } from "./redis-backend.ts";

/**
 * Returns at once; connecting goes on in the background.
 * @throws LigatureError `INVALID_OPTION` for a URL that can't be read, or that has an option which isn't known
 */
export function openRedisBackend(url: string, options: BackendOptions): ResultBackend {
  return new RedisBackend(parseRedisUrl(url), options);
}
