import type { Redis } from "ioredis";
import type { Outages } from "../../logging/index.ts";
import { loadPeer } from "../../peers/index.ts";
import { Connection, towards, type CommonOptions, type RedisAddress, type RedisNode } from "../../redis/index.ts";
import { every, type Timer } from "../../timing/index.ts";
import type { Subscriptions } from "./subscriptions.ts";

/** Milliseconds. Who only listens would not notice a connection that the network dropped silently. */
const heartbeat = 15_000;
/** Milliseconds. In a cluster, publications pass between nodes, and are lost when those have lost each other. */
const lookAgain = 60_000;

/**
 * The connection that listens, made when the first result is watched: Redis before version 6 takes no other commands on one
 * that does. In a cluster it goes to any node, since all of them hear what one of them publishes, and to another one when that is lost.
 */
export class SubscribingConnection {
  readonly #connection: Connection<Redis>;
  #heart: Timer | undefined;
  #look: Timer | undefined;

  constructor(
    address: RedisAddress,
    options: { readonly common: CommonOptions; readonly outages: Outages; readonly subscriptions: Subscriptions },
  ) {
    const { common, outages, subscriptions } = options;
    // Callers that start together shall not all listen to the first node.
    const start = Math.floor(Math.random() * address.nodes.length);
    this.#connection = new Connection(
      async (attempt) => {
        const { Redis } = await loadPeer("ioredis", () => import("ioredis"));
        const node = address.nodes[(start + attempt) % address.nodes.length] as RedisNode;
        return new Redis({ ...towards(node, common), lazyConnect: true, retryStrategy: null });
      },
      outages,
      {
        up: (redis) => {
          this.#heart = every(heartbeat, () => void redis.ping().catch(() => {}));
          if (address.cluster) this.#look = every(lookAgain, () => subscriptions.lookAgain());
          subscriptions.up(redis);
        },
        down: () => {
          this.#heart?.cancel();
          this.#look?.cancel();
          subscriptions.down();
        },
      },
    );
  }

  async connected(): Promise<void> {
    await this.#connection.connected();
  }

  close(): void {
    this.#connection.close();
  }
}
