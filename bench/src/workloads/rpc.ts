import type { Measurement } from "../processes/measure.ts";
import type { Side } from "../side.ts";
import type { Environment, Sample, Session, Workload } from "../workload.ts";
import { startPair, withWorkerCpu, type Pair } from "./processes.ts";

/** One call after the other, each awaited. */
export const rpc: Workload = {
  name: "rpc",
  title: "RPC, one at a time, p50",
  unit: "ms",
  better: "lower",
  open: (side, environment) =>
    openWithWorker(side, environment, (pair, warmUp) => {
      const count = warmUp ? 3000 : 500;
      return latency(pair, count, () => pair.client.ask("calls", { count }));
    }),
};

export const rpcAtOnce: Workload = {
  name: "rpc-64",
  title: "RPC, 64 in flight",
  unit: "calls/s",
  better: "higher",
  open: (side, environment) =>
    openWithWorker(side, environment, async (pair, warmUp) => {
      const count = warmUp ? 10_000 : 4000;
      const { result, workerCpu } = await withWorkerCpu(pair, count, () =>
        pair.client.ask("callsAtOnce", { count, inFlight: 64 }),
      );
      return { value: count / result.seconds, clientCpu: result.cpu, workerCpu };
    }),
};

/** A megabyte of text there and back. */
export const rpcLarge: Workload = {
  name: "rpc-1mb",
  title: "RPC, 1 MB each way, p50",
  unit: "ms",
  better: "lower",
  open: (side, environment) =>
    openWithWorker(side, environment, (pair) => {
      const count = 20;
      return latency(pair, count, () => pair.client.ask("callsWithText", { count, length: 1024 * 1024 }));
    }),
};

/** From sending a task to the call of its success callback, which is back in the client's process. */
export const link: Workload = {
  name: "link",
  title: "task and its callback, p50",
  unit: "ms",
  better: "lower",
  open: (side, environment) =>
    openWithWorker(
      side,
      environment,
      (pair, warmUp) => {
        const count = warmUp ? 2000 : 300;
        return latency(pair, count, () => pair.client.ask("linked", { count }));
      },
      ({ client }) => client.ask("listen"),
    ),
};

async function openWithWorker(
  side: Side,
  environment: Environment,
  sample: (pair: Pair, warmUp: boolean) => Promise<Sample>,
  prepare: (pair: Pair) => Promise<void> = () => Promise.resolve(),
): Promise<Session> {
  const pair = await startPair(side, environment);
  await pair.worker.ask("start", { url: environment.url, queue: pair.queue, prefetch: 100 });
  await prepare(pair);
  return {
    sample: ({ warmUp }) => sample(pair, warmUp),
    async close() {
      await pair.worker.ask("close");
      await pair.close();
    },
  };
}

async function latency(pair: Pair, count: number, work: () => Promise<Measurement & { readonly p50: number }>): Promise<Sample> {
  const { result, workerCpu } = await withWorkerCpu(pair, count, work);
  return { value: result.p50, clientCpu: result.cpu, workerCpu };
}
