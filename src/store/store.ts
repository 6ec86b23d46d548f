/** What a script answers: Redis's own values; a `false` or nothing of Lua is null. */
export type StoreAnswer = string | number | null | readonly StoreAnswer[];

/** A Lua script; see `script()`. */
export interface Script {
  readonly lua: string;
  /** What Redis knows it by. */
  readonly sha: string;
}

/** Redis, for what must change in one step and be the same for all processes. */
export interface RedisStore {
  readonly kind: "redis";
  /** For people: no credentials. */
  readonly address: string;
  /**
   * Resolves when there is a connection to a Redis that is new enough.
   * @param giveUpAt epoch milliseconds @default as long as it takes
   * @throws LigatureError `STORE_MISSING` when it is too old; `NOT_SENT` when there is no connection in time; `CLOSED`
   */
  ready(giveUpAt?: number): Promise<void>;
  /**
   * A key's name. In a cluster, keys of one feature and id are in one slot, so that a script may use them together.
   * @param feature such as "once"
   * @param id may come from anybody
   * @param part tells keys of one id apart
   */
  key(feature: string, id: string, part?: string): string;
  /**
   * Runs a script. It may run twice when the connection is lost meanwhile, so it must do no harm then: give it a token of this run, say.
   * @param keys all that it uses; `KEYS` there
   * @param args `ARGV` there
   * @param giveUpAt epoch milliseconds @default as long as it takes
   * @throws LigatureError what {@link RedisStore.ready} throws; `REFUSED`; `CONNECTION_LOST` when there is no answer in time
   */
  run(script: Script, keys: readonly string[], args: readonly StoreArgument[], giveUpAt?: number): Promise<StoreAnswer>;
  close(): Promise<void>;
}

export type StoreArgument = string | number | Uint8Array;

/** This process. All apps whose `memory://` URL is the same share what it holds, until the last of them is closed. */
export interface MemoryStore {
  readonly kind: "memory";
  readonly address: string;
  ready(): Promise<void>;
  /** What a feature keeps; made by the first who asks. */
  space<T extends object>(feature: string, make: () => T): T;
  close(): Promise<void>;
}

/**
 * Where a feature keeps what all processes must agree on. A feature has a form for each kind behind an interface of its own:
 *
 *   const keys = store.kind === "redis" ? new RedisKeys(store) : store.space("once", () => new MemoryKeys());
 */
export type Store = RedisStore | MemoryStore;

/** Opens the app's store when the first feature needs it. */
export interface StoreSource {
  /**
   * Resolves when the store is ready to be used.
   * @param user what needs it, for people: `idempotencyKey`, `A task's rate limit`
   * @param giveUpAt epoch milliseconds @default as long as it takes
   * @throws LigatureError `STORE_MISSING` when the app has none, or one that is too old; else what {@link RedisStore.ready} throws
   */
  open(user: string, giveUpAt?: number): Promise<Store>;
}
