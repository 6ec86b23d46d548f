import type { Environment, Workload } from "../workload.ts";
import { startPair, type Pair } from "./processes.ts";

const prefetch = 100;

/** Running alone: the queue is full when the worker starts; every task is acknowledged after its handler. */
export const drain: Workload = {
  name: "drain",
  title: "drain, no result, prefetch 100",
  unit: "tasks/s",
  better: "higher",
  async open(side, environment) {
    const pair = await startPair(side, environment);
    const { client, worker, queue, close } = pair;
    return {
      async sample({ warmUp }) {
        const { count } = await client.ask("post", { count: warmUp ? 30_000 : 15_000, window: 1000 });
        const drained = await worker.ask("drain", { url: environment.url, queue, prefetch, count });
        await stop(pair, environment);
        return { value: drained.count / drained.seconds, workerCpu: drained.cpu };
      },
      close,
    };
  },
};

/** The same with a result for each, confirmed before its task is acknowledged and received by the client. */
export const drainWithResults: Workload = {
  name: "drain-results",
  title: "drain, with results, prefetch 100",
  unit: "tasks/s",
  better: "higher",
  async open(side, environment) {
    const pair = await startPair(side, environment);
    const { client, worker, queue, close } = pair;
    return {
      async sample({ warmUp }) {
        const count = warmUp ? 10_000 : 5000;
        await client.ask("send", { count, window: 1000 });
        const [drained, answered] = await Promise.all([
          worker.ask("drain", { url: environment.url, queue, prefetch, count }),
          client.ask("answers"),
        ]);
        await stop(pair, environment);
        return { value: drained.count / drained.seconds, workerCpu: drained.cpu, clientCpu: answered.cpu };
      },
      close,
    };
  },
};

/** Closes the worker, and removes tasks whose acknowledgement the broker didn't take in before that. */
async function stop({ worker, queue }: Pair, { purge }: Environment): Promise<void> {
  await worker.ask("close");
  await purge(queue);
}
