import { setTimeout as pause } from "node:timers/promises";
import { startRedis, type PrivateRedis } from "../../scripts/lib/private-redis.mjs";
import { patience } from "./patience.ts";

export interface RedisCluster extends AsyncDisposable {
  readonly url: string;
  readonly nodes: readonly PrivateRedis[];
}

/** Three masters without replicas; resolves when all of them say that the cluster is in order. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const args = ["--cluster-enabled", "yes", "--cluster-node-timeout", "5000"];
  const nodes = await Promise.all([0, 1, 2].map(() => startRedis({ args })));
  const [first] = nodes as [PrivateRedis, PrivateRedis, PrivateRedis];
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
  await first.cli("--cluster", "create", ...addresses, "--cluster-yes");
  const giveUpAt = Date.now() + patience;
  for (const node of nodes) {
    while (!(await node.cli("cluster", "info")).includes("cluster_state:ok")) {
      if (Date.now() > giveUpAt) throw new Error(`The Redis cluster didn't come into order within ${patience / 1000} s.`);
      await pause(50);
    }
  }
  return {
    url: `redis-cluster://${addresses.join(",")}`,
    nodes,
    async [Symbol.asyncDispose]() {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}
