import type { Redis } from "ioredis";
import type { Logger } from "../../logging/index.ts";
import { after, deferred, type Deferred, within } from "../../timing/index.ts";
import type { Watch } from "../backend.ts";
import type { Watcher, Watchers } from "../watchers.ts";
import type { Keys } from "./keys.ts";

/** Channels in one command, and results looked up at a time. */
const chunk = 500;
/** Milliseconds until a lookup that Redis refused is tried again. */
const retryPause = 1000;
/** Milliseconds until whoever wants to know what there is learns that it can't be known. */
const catchUpPatience = 30_000;

/** What Subscriptions need of others. */
export interface SubscriptionOptions {
  readonly keys: Keys;
  readonly watchers: Watchers;
  readonly log: Logger;
  /** The present results of tasks, in the order of their ids; null where there is none. */
  readonly lookUp: (ids: readonly string[]) => Promise<readonly (Buffer | null)[]>;
  /** What to tell those who want to know more than is known. */
  readonly unreachable: () => Error;
  readonly deliver: (watcher: Watcher, json: Buffer) => void;
}

/**
 * Which channels the subscribing connection listens to: those of the ids that somebody watches, no others, and all of them
 * again after a reconnect. Channels carry what happens from now on; what was stored before is looked up, once per watcher:
 *
 *   SUBSCRIBE, its answer, GET on the other connection, its answer, PING, its answer.
 *
 * Whatever is published after the first answer arrives. Whatever was published before the GET has arrived before the last
 * answer, because one Redis writes to one connection in order. So what was looked up is handed on then, unless something was
 * published meanwhile, which is newer. Nothing is lost, and nothing comes twice or in the wrong order.
 */
export class Subscriptions {
  readonly #options: SubscriptionOptions;
  #redis: Redis | undefined;
  /** Watchers that have heard nothing yet, and are to be told what there is. */
  readonly #looking = new Set<Watcher>();
  #fresh: Watcher[] = [];
  readonly #abandoned = new Set<string>();
  #scheduled = false;
  /** What was last handed on, of what isn't final, so that a lookup after a reconnect doesn't repeat it. */
  readonly #heard = new WeakMap<Watcher, Buffer>();
  /** Who asked to be told when a watcher isn't looking any more. */
  readonly #catchingUp = new Map<Watcher, Deferred<void>>();

  constructor(options: SubscriptionOptions) {
    this.#options = options;
  }

  watch(watcher: Watcher): Watch {
    this.#looking.add(watcher);
    this.#fresh.push(watcher);
    this.#abandoned.delete(watcher.id);
    this.#schedule();
    return new RedisWatch(this, watcher);
  }

  /**
   * Resolves when what was there before has been handed on, and whatever comes will be; or when the watch has ended.
   * @throws LigatureError `NOT_SENT` when Redis can't be asked within half a minute
   */
  async caughtUp(watcher: Watcher): Promise<void> {
    if (!this.#looking.has(watcher)) return;
    const waiting = this.#catchingUp.get(watcher) ?? deferred<void>();
    this.#catchingUp.set(watcher, waiting);
    await within(waiting.promise, Date.now() + catchUpPatience, () => this.#options.unreachable());
  }

  end(watcher: Watcher): void {
    if (watcher.closed) return;
    watcher.close();
    this.#found(watcher);
    if (this.#options.watchers.of(watcher.id).length > 0) return;
    this.#abandoned.add(watcher.id);
    this.#schedule();
  }

  /** Ends all watches. */
  close(): void {
    this.#options.watchers.clear();
    for (const watcher of this.#looking) this.#found(watcher);
  }

  /** Looks for results that were stored, though nothing was heard of them: a cluster's nodes may lose each other for a while. */
  lookAgain(): void {
    for (const watcher of this.#options.watchers.all()) {
      if (this.#looking.has(watcher)) continue;
      this.#looking.add(watcher);
      this.#fresh.push(watcher);
    }
    this.#schedule();
  }

  /** A new connection, which listens to nothing yet. */
  up(redis: Redis): void {
    this.#redis = redis;
    redis.on("messageBuffer", (channel: Buffer, json: Buffer) => this.#onMessage(channel.toString(), json));
    this.#abandoned.clear();
    this.#fresh = [...this.#options.watchers.all()];
    for (const watcher of this.#fresh) this.#looking.add(watcher);
    this.#schedule();
  }

  down(): void {
    this.#redis = undefined;
  }

  /** All that is watched in one turn of the event loop goes in one command, and before what is sent to the broker after that. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    const redis = this.#redis;
    // Without a connection nothing needs to be remembered: a new one begins with all watchers there are.
    if (redis === undefined) return;
    const abandoned = [...this.#abandoned];
    this.#abandoned.clear();
    for (let at = 0; at < abandoned.length; at += chunk) {
      // One that fails does so because the connection is lost, and with it all it listened to.
      redis.unsubscribe(...abandoned.slice(at, at + chunk).map((id) => this.#options.keys.task(id))).catch(() => {});
    }
    const fresh = this.#fresh.filter((watcher) => !watcher.closed);
    this.#fresh = [];
    for (let at = 0; at < fresh.length; at += chunk) {
      const batch = fresh.slice(at, at + chunk);
      this.#begin(redis, batch).catch((error: unknown) => this.#onFailure(redis, batch, error));
    }
  }

  async #begin(redis: Redis, batch: readonly Watcher[]): Promise<void> {
    const ids = [...new Set(batch.map(({ id }) => id))];
    await redis.subscribe(...ids.map((id) => this.#options.keys.task(id)));
    const found = await this.#options.lookUp(ids);
    const results = new Map(ids.map((id, index) => [id, found[index]]));
    await redis.ping();
    for (const watcher of batch) {
      if (!this.#looking.has(watcher)) continue;
      const json = results.get(watcher.id);
      if (json !== null && json !== undefined && this.#heard.get(watcher)?.equals(json) !== true) this.#tell(watcher, json);
      this.#found(watcher);
    }
  }

  #onFailure(redis: Redis, batch: readonly Watcher[], error: unknown): void {
    // Lost, or closed: the next connection begins anew.
    if (this.#redis !== redis) return;
    this.#options.log.warn({ err: error, retryInMs: retryPause }, "Redis doesn't let results be watched; trying again");
    const again = (): void => {
      this.#fresh.push(...batch.filter((watcher) => this.#looking.has(watcher)));
      this.#schedule();
    };
    after(retryPause, again, { ref: false });
  }

  #onMessage(channel: string, json: Buffer): void {
    const id = this.#options.keys.idOf(channel);
    if (id === undefined) return;
    for (const watcher of this.#options.watchers.of(id)) {
      this.#tell(watcher, json);
      this.#found(watcher);
    }
  }

  #tell(watcher: Watcher, json: Buffer): void {
    this.#heard.set(watcher, json);
    this.#options.deliver(watcher, json);
  }

  #found(watcher: Watcher): void {
    this.#looking.delete(watcher);
    this.#catchingUp.get(watcher)?.resolve();
    this.#catchingUp.delete(watcher);
  }
}

class RedisWatch implements Watch {
  readonly #subscriptions: Subscriptions;
  readonly #watcher: Watcher;

  constructor(subscriptions: Subscriptions, watcher: Watcher) {
    this.#subscriptions = subscriptions;
    this.#watcher = watcher;
  }

  get caughtUp(): Promise<void> {
    return this.#subscriptions.caughtUp(this.#watcher);
  }

  close(): void {
    this.#subscriptions.end(this.#watcher);
  }
}
