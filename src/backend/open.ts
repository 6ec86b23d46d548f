import { LigatureError } from "../errors/index.ts";
import { checkPeer, Lazy } from "../peers/index.ts";
import { spaceName } from "../broker/memory/spaces.ts";
import { parseRedisUrl } from "../redis/address.ts";
import type { BackendOptions, ResultBackend } from "./backend.ts";

type BackendKind = "rpc" | "memory" | "redis";

type Open = (url: string, options: BackendOptions) => ResultBackend;

const openers: Readonly<Record<BackendKind, Lazy<Open>>> = {
  rpc: new Lazy(async () => (await import("./rpc/index.ts")).openRpcBackend),
  memory: new Lazy(async () => (await import("./memory/index.ts")).openMemoryBackend),
  redis: new Lazy(async () => (await import("./redis/index.ts")).openRedisBackend),
};

/**
 * What opens the result backend that a URL names: `rpc://`, which sends results to a reply queue on the app's
 * broker, `memory://` (or `memory://<name>`), which keeps them in this process, or `redis://`, `rediss://` (TLS),
 * `redis-cluster://` or `rediss-cluster://`, which keep them in Redis as Celery does. It loads only that kind of backend.
 * @throws LigatureError `INVALID_OPTION` for a URL that no backend understands, and when ioredis isn't installed
 */
export function backendOpener(url: string): { readonly kind: BackendKind; readonly opener: Lazy<Open> } {
  const kind = backendKind(url);
  return { kind, opener: openers[kind] };
}

function backendKind(url: string): BackendKind {
  const scheme = /^([a-z-]+):\/\//.exec(url)?.[1];
  switch (scheme) {
    case "rpc":
      if (url === "rpc://") return "rpc";
      throw new LigatureError(
        "INVALID_OPTION",
        "The rpc backend's URL is just rpc://, since it uses the app's broker, and there is more in the one given.",
      );
    case "memory":
      spaceName(url);
      return "memory";
    case "redis":
    case "rediss":
    case "redis-cluster":
    case "rediss-cluster":
      parseRedisUrl(url);
      checkPeer("ioredis");
      return "redis";
    default:
      throw new LigatureError(
        "INVALID_OPTION",
        `The backend must be a URL that starts with memory://, rpc://, redis://, rediss://, redis-cluster:// or rediss-cluster://, got ${scheme === undefined ? "none of them" : `${scheme}://`}.`,
      );
  }
}
