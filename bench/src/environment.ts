import { randomUUID } from "node:crypto";
import { connect } from "amqplib";
import type { Environment } from "./workload.ts";

/** The broker as all workloads share it; closed, it leaves no queues behind. */
export async function openEnvironment(url: string): Promise<Environment & AsyncDisposable> {
  const connection = await connect(url, { noDelay: true });
  const channel = await connection.createChannel();
  const run = randomUUID().slice(0, 8);
  const queues: string[] = [];
  return {
    url,
    nodeOptions: () => [],
    newQueue(name) {
      const queue = `bench.${run}.${queues.length}.${name}`;
      queues.push(queue);
      return queue;
    },
    async purge(queue) {
      await channel.purgeQueue(queue);
    },
    async [Symbol.asyncDispose]() {
      for (const queue of queues) {
        await channel.deleteQueue(queue);
        await channel.deleteQueue(`${queue}.dead`);
      }
      await connection.close();
    },
  };
}
