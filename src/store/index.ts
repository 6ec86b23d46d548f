/**
 * The store: where features keep what all processes must agree on, such as which keys have been used and how many requests run. It is
 * loaded and opened when the first of them needs it.
 */
import { MemorySpaces } from "../broker/memory/index.ts";
import { LigatureError } from "../errors/index.ts";
import type { Logger } from "../logging/index.ts";
import { checkPeer } from "../peers/index.ts";
import { parseRedisUrl } from "../redis/index.ts";
import { InProcessStore, Spaces } from "./memory-store.ts";
import { ScriptingStore } from "./redis-store.ts";
import type { Store } from "./store.ts";

export { script } from "./script.ts";
export type { MemoryStore, RedisStore, Script, Store, StoreAnswer, StoreArgument, StoreSource } from "./store.ts";

const spaces = new MemorySpaces(() => new Spaces());

/**
 * Opens the store that a URL names: Redis, or `memory://` (or `memory://<name>`), which is this process. Returns at once; connecting
 * goes on in the background.
 * @throws LigatureError `INVALID_OPTION` for a URL that can't be used, and when ioredis isn't installed
 */
export function openStore(url: string, options: { readonly name: string; readonly log: Logger }): Store {
  if (url.startsWith("memory:")) return new InProcessStore(url, spaces.open(url));
  if (!/^rediss?(-cluster)?:\/\//.test(url)) {
    throw new LigatureError(
      "INVALID_OPTION",
      "The store must be a URL that starts with redis://, rediss://, redis-cluster://, rediss-cluster:// or memory://, and this one doesn't.",
      { details: { option: "store" } },
    );
  }
  const address = parseRedisUrl(url, "store");
  checkPeer("ioredis");
  return new ScriptingStore(address, options);
}
