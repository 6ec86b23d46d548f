/**
 * What most programs do: tasks with a small object, beside code by hand that sends the whole message of Celery, on the same kind of
 * queue, with the same confirms.
 */
import type { Side, QueueType } from "../side.ts";
import type { Sample, Workload } from "../workload.ts";
import { startPair, withWorkerCpu, type Pair } from "./processes.ts";

const prefetch = 100;

interface Kind extends Pick<Workload, "unit" | "better"> {
  readonly name: string;
  readonly title: string;
  readonly listens?: true;
  readonly sample: (pair: Pair, warmUp: boolean) => Promise<Sample>;
}

const kinds: readonly Kind[] = [
  {
    name: "item",
    title: "call, one at a time, p50",
    unit: "ms",
    better: "lower",
    async sample(pair, warmUp) {
      const count = warmUp ? 2000 : 500;
      const { result, workerCpu } = await withWorkerCpu(pair, count, () => pair.client.ask("callsWithItem", { count }));
      return { value: result.p50, clientCpu: result.cpu, workerCpu };
    },
  },
  {
    name: "item-64",
    title: "calls, 64 in flight",
    unit: "calls/s",
    better: "higher",
    async sample(pair, warmUp) {
      const count = warmUp ? 8000 : 4000;
      const { result, workerCpu } = await withWorkerCpu(pair, count, () =>
        pair.client.ask("itemsAtOnce", { count, inFlight: 64 }),
      );
      return { value: count / result.seconds, clientCpu: result.cpu, workerCpu };
    },
  },
  {
    name: "item-link",
    title: "task and its callback, p50",
    unit: "ms",
    better: "lower",
    listens: true,
    async sample(pair, warmUp) {
      const count = warmUp ? 2000 : 300;
      const { result, workerCpu } = await withWorkerCpu(pair, count, () => pair.client.ask("linkedItems", { count }));
      return { value: result.p50, clientCpu: result.cpu, workerCpu };
    },
  },
];

function calls({ name, title, unit, better, listens, sample }: Kind, queueType: QueueType): Workload {
  return {
    name: `${name}-${queueType}`,
    title: `${title} (${queueType})`,
    unit,
    better,
    async open(side: Side, environment) {
      const pair = await startPair(side, environment, queueType);
      await pair.worker.ask("start", { url: environment.url, queue: pair.queue, queueType, prefetch });
      if (listens === true) await pair.client.ask("listen");
      return {
        sample: ({ warmUp }) => sample(pair, warmUp),
        async close() {
          await pair.worker.ask("close");
          await pair.close();
        },
      };
    },
  };
}

function drain(queueType: QueueType): Workload {
  return {
    name: `item-drain-${queueType}`,
    title: `drain, no result, prefetch 100 (${queueType})`,
    unit: "tasks/s",
    better: "higher",
    async open(side, environment) {
      const { client, worker, queue, close } = await startPair(side, environment, queueType);
      return {
        async sample({ warmUp }) {
          const { count } = await client.ask("postItems", { count: warmUp ? 20_000 : 10_000, window: 1000 });
          const drained = await worker.ask("drain", { url: environment.url, queue, queueType, prefetch, count });
          await worker.ask("close");
          await environment.purge(queue);
          return { value: drained.count / drained.seconds, workerCpu: drained.cpu };
        },
        close,
      };
    },
  };
}

export const items: readonly Workload[] = (["classic", "quorum"] as const).flatMap((queueType) => [
  ...kinds.map((kind) => calls(kind, queueType)),
  drain(queueType),
]);
