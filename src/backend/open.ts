import { LigatureError } from "../errors/index.ts";
import type { BackendOptions, ResultBackend } from "./backend.ts";
import { openMemoryBackend } from "./memory/index.ts";
import { openRedisBackend } from "./redis/index.ts";
import { openRpcBackend } from "./rpc/index.ts";

/**
 * Opens the result backend that a URL names: `rpc://`, which sends results to a reply queue on the app's
 * broker, `memory://` (or `memory://<name>`), which keeps them in this process, or `redis://`, `rediss://` (TLS),
 * `redis-cluster://` or `rediss-cluster://`, which keep them in Redis as Celery does.
 * @throws LigatureError `INVALID_OPTION` for a URL that no backend understands.
 */
export function openBackend(url: string, options: BackendOptions): ResultBackend {
  const scheme = /^([a-z-]+):\/\//.exec(url)?.[1];
  switch (scheme) {
    case "rpc":
      return openRpcBackend(url, options);
    case "memory":
      return openMemoryBackend(url, options);
    case "redis":
    case "rediss":
    case "redis-cluster":
    case "rediss-cluster":
      return openRedisBackend(url, options);
    default:
      throw new LigatureError(
        "INVALID_OPTION",
        `The backend must be a URL that starts with memory://, rpc://, redis://, rediss://, redis-cluster:// or rediss-cluster://, got ${scheme === undefined ? "none of them" : `${scheme}://`}.`,
      );
  }
}
