import type { Cluster, Redis } from "ioredis";
import { LigatureError } from "../errors/index.ts";
import type { Outages } from "../logging/index.ts";
import { pause, within } from "../timing/index.ts";
import { loadPeer } from "../peers/index.ts";
import type { RedisAddress, RedisNode } from "./address.ts";
import { clusterRetryPause, towards, type CommonOptions } from "./connection-options.ts";
import { Connection } from "./connection.ts";

/** Lua scripts by the names of the commands that they become: those take keys first, then arguments. */
export type Scripts = Readonly<Record<string, { readonly lua: string; readonly numberOfKeys: number }>>;

/** Redis, or a cluster of them. @typeParam S scripts as commands */
export type Client<S = unknown> = (Redis | Cluster) & S;

/** Answers that a Redis gives which is starting, failing over or blocked; another one, or the same a little later, won't. */
const passing = /^(LOADING|READONLY|CLUSTERDOWN|TRYAGAIN|MASTERDOWN|BUSY |UNBLOCKED|NOREPLICAS)/;

/** The connection that commands go through. All of Ligature's may be repeated, and are, when it is lost meanwhile. */
export class Commands<S = unknown> {
  readonly #connection: Connection<Client<S>>;
  readonly #outages: Outages;
  readonly #display: string;
  #closed = false;
  #running = 0;
  #idle: (() => void) | undefined;

  /** @param scripts those that the type names */
  constructor(address: RedisAddress, common: CommonOptions, outages: Outages, scripts: Scripts = {}) {
    this.#outages = outages;
    this.#display = address.display;
    this.#connection = new Connection(() => connect<S>(address, common, scripts), outages);
  }

  /** How many are on their way. */
  get running(): number {
    return this.#running;
  }

  /** @throws LigatureError `NOT_SENT` when there is no connection in time, `CLOSED` */
  async connected(giveUpAt?: number): Promise<Client<S>> {
    return this.#connection.client ?? within(this.#connection.connected(), giveUpAt, () => this.#unreachable("NOT_SENT"));
  }

  /**
   * @param work may be called more than once
   * @param giveUpAt epoch milliseconds @default as long as it takes
   * @throws LigatureError `REFUSED` when Redis says no; `NOT_SENT` or `CONNECTION_LOST` when it isn't done in time; `CLOSED`
   */
  async run<T>(work: (redis: Client<S>) => Promise<T>, giveUpAt?: number): Promise<T> {
    this.#running += 1;
    try {
      for (;;) {
        const redis = await this.connected(giveUpAt);
        try {
          return await within(work(redis), giveUpAt, () => this.#unreachable("CONNECTION_LOST"));
        } catch (error) {
          await this.#again(error, redis, giveUpAt);
        }
      }
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#idle?.();
    }
  }

  /** Waits for what is on its way, for so many milliseconds at most. */
  async close(patience: number): Promise<void> {
    if (this.#running > 0 && this.#connection.client !== undefined) {
      const idle = new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
      await within(idle, Date.now() + patience, () => new Error("too late")).catch(() => {});
    }
    this.#closed = true;
    this.#connection.close();
  }

  /** Returns when it is worth another attempt. */
  async #again(error: unknown, redis: Client<S>, giveUpAt: number | undefined): Promise<void> {
    if (this.#closed) throw new LigatureError("CLOSED", "The connection to Redis has been closed.");
    if (error instanceof LigatureError) throw error;
    const { name, message } = error as Error;
    if (name === "ReplyError" && !passing.test(message)) {
      // n.b. not as its cause: ioredis's error carries the command with its arguments, which would end up in logs.
      throw new LigatureError("REFUSED", `Redis at ${this.#display} refused a command: ${message}`);
    }
    if (giveUpAt !== undefined && Date.now() >= giveUpAt) throw this.#unreachable("CONNECTION_LOST");
    // A replica in the place of its master: the name may lead to another one.
    if (message.startsWith("READONLY")) redis.disconnect();
    if (this.#connection.client === redis) await pause(clusterRetryPause);
  }

  #unreachable(code: "NOT_SENT" | "CONNECTION_LOST"): LigatureError {
    const what = code === "NOT_SENT" ? "Nothing was sent" : "No answer came in time";
    return new LigatureError(code, `${what}: ${this.#outages.describe("has not answered")}.`);
  }
}

async function connect<S>(address: RedisAddress, common: CommonOptions, scripts: Scripts): Promise<Client<S>> {
  const { Cluster, Redis } = await loadPeer("ioredis", () => import("ioredis"));
  if (!address.cluster) {
    const target = towards(address.nodes[0] as RedisNode, common);
    const options = { ...target, lazyConnect: true, retryStrategy: null, enableAutoPipelining: true, scripts };
    return new Redis(options) as Redis & S;
  }
  // Without automatic pipelines: ioredis 6.0.0 throws for slots that no node serves, and all of one pipeline fail together.
  return new Cluster([...address.nodes], {
    lazyConnect: true,
    clusterRetryStrategy: null,
    redisOptions: common,
    scripts,
  }) as Cluster & S;
}
