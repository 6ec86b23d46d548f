import { Peer } from "../processes/peer.ts";
import type { ClientCommands } from "../processes/client.ts";
import type { WorkerCommands } from "../processes/worker.ts";
import type { QueueType, Side } from "../side.ts";
import type { Environment } from "../workload.ts";

/** The processes of one side, and the queues between them. */
export interface Pair {
  readonly client: Peer<ClientCommands>;
  readonly worker: Peer<WorkerCommands>;
  readonly queue: string;
  readonly close: () => Promise<void>;
}

/** Connected, but consuming nothing yet. */
export async function startPair(
  side: Side,
  { url, nodeOptions, newQueue }: Environment,
  queueType: QueueType = "quorum",
): Promise<Pair> {
  const queue = newQueue(side);
  const callbackQueue = newQueue(`${side}.callbacks`);
  const client = new Peer<ClientCommands>("client", [side], nodeOptions(side, "client"));
  const worker = new Peer<WorkerCommands>("worker", [side], nodeOptions(side, "worker"));
  await client.ask("open", { url, queue, callbackQueue, queueType });
  return {
    client,
    worker,
    queue,
    async close() {
      await client.ask("close");
      await Promise.all([client.end(), worker.end()]);
    },
  };
}

/** Runs a sample with a look at the worker's clock before and after. */
export async function withWorkerCpu<T>(
  { worker }: Pair,
  count: number,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly workerCpu: number }> {
  await worker.ask("cpu");
  const result = await work();
  return { result, workerCpu: (await worker.ask("cpu")) / count };
}
