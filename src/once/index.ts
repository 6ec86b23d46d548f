/** Sends that run once for each key: who claims a key, who runs it, and what came of it. Loaded when the first send or request has one. */
import type { Store } from "../store/index.ts";
import type { OnceKeys } from "./keys.ts";
import { MemoryOnceKeys } from "./memory-keys.ts";
import { RedisOnceKeys } from "./redis-keys.ts";

export { leaseTime, recordOf, type Begun, type Claim, type Claimed, type Joined, type OnceKeys } from "./keys.ts";

/** @param giveUpAt epoch milliseconds @default as long as it takes */
export type OpenOnce = (giveUpAt?: number) => Promise<OnceKeys>;

export function onceKeys(store: Store): OnceKeys {
  return store.kind === "redis" ? new RedisOnceKeys(store) : store.space("once", () => new MemoryOnceKeys());
}
