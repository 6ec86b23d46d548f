import type { Cluster, Redis } from "ioredis";
import { LigatureError } from "../../errors/index.ts";
import type { Outages } from "../../logging/index.ts";
import { pause, within } from "../../timing/index.ts";
import { loadPeer } from "../../peers/index.ts";
import type { RedisAddress, RedisNode } from "./address.ts";
import { clusterRetryPause, towards, type CommonOptions } from "./connection-options.ts";
import { Connection } from "./connection.ts";
import { failScript, failedScript, releaseScript, storeScript, succeedScript } from "./scripts.ts";

/** Scripts as commands: keys first, then arguments. */
export interface ScriptCommands {
  ligatureStore(result: string, json: Uint8Array, seconds: number): Promise<unknown>;
  ligatureSucceed(...keysAndArguments: (string | number)[]): Promise<ClaimAnswer | null>;
  ligatureFail(...keysAndArguments: (string | number)[]): Promise<ClaimAnswer | null>;
  ligatureFailed(...keysAndArguments: (string | number)[]): Promise<unknown>;
  ligatureRelease(...keysAndArguments: (string | number)[]): Promise<unknown>;
}

/** What is to be done by a chord's member that has ended, if anything: see the scripts. */
export type ClaimAnswer =
  | readonly ["held"]
  | readonly ["fail", error: string]
  | readonly ["join", size: number, entries: readonly string[], annotations: readonly string[]];

const scripts = {
  ligatureStore: { lua: storeScript, numberOfKeys: 1 },
  ligatureSucceed: { lua: succeedScript, numberOfKeys: 5 },
  ligatureFail: { lua: failScript, numberOfKeys: 5 },
  ligatureFailed: { lua: failedScript, numberOfKeys: 5 },
  ligatureRelease: { lua: releaseScript, numberOfKeys: 5 },
};

/** Redis, or a cluster of them. */
export type Client = (Redis | Cluster) & ScriptCommands;

/** Answers that a Redis gives which is starting, failing over or blocked; another one, or the same a little later, won't. */
const passing = /^(LOADING|READONLY|CLUSTERDOWN|TRYAGAIN|MASTERDOWN|BUSY |UNBLOCKED|NOREPLICAS)/;

/** The connection that commands go through. All of Ligature's may be repeated, and are, when it is lost meanwhile. */
export class Commands {
  readonly #connection: Connection<Client>;
  readonly #outages: Outages;
  readonly #display: string;
  #closed = false;
  #running = 0;
  #idle: (() => void) | undefined;

  constructor(address: RedisAddress, common: CommonOptions, outages: Outages) {
    this.#outages = outages;
    this.#display = address.display;
    this.#connection = new Connection(() => connect(address, common), outages);
  }

  /** How many are on their way. */
  get running(): number {
    return this.#running;
  }

  /** @throws LigatureError `NOT_SENT` when there is no connection in time, `CLOSED` */
  async connected(giveUpAt?: number): Promise<Client> {
    return this.#connection.client ?? within(this.#connection.connected(), giveUpAt, () => this.#unreachable("NOT_SENT"));
  }

  /**
   * @param work may be called more than once
   * @param giveUpAt epoch milliseconds @default as long as it takes
   * @throws LigatureError `REFUSED` when Redis says no; `NOT_SENT` or `CONNECTION_LOST` when it isn't done in time; `CLOSED`
   */
  async run<T>(work: (redis: Client) => Promise<T>, giveUpAt?: number): Promise<T> {
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
  async #again(error: unknown, redis: Client, giveUpAt: number | undefined): Promise<void> {
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

async function connect(address: RedisAddress, common: CommonOptions): Promise<Client> {
  const { Cluster, Redis } = await loadPeer("ioredis", () => import("ioredis"));
  if (!address.cluster) {
    const target = towards(address.nodes[0] as RedisNode, common);
    const options = { ...target, lazyConnect: true, retryStrategy: null, enableAutoPipelining: true, scripts };
    return new Redis(options) as Redis & ScriptCommands;
  }
  // Without automatic pipelines: ioredis 6.0.0 throws for slots that no node serves, and all of one pipeline fail together.
  return new Cluster([...address.nodes], {
    lazyConnect: true,
    clusterRetryStrategy: null,
    redisOptions: common,
    scripts,
  }) as Cluster & ScriptCommands;
}
