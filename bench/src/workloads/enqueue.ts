import type { Workload } from "../workload.ts";
import { startPair } from "./processes.ts";

/** Sending alone: persistent, mandatory, confirmed; nobody consumes. */
export const enqueue: Workload = {
  name: "enqueue",
  title: "enqueue, 1,000 unconfirmed",
  unit: "tasks/s",
  better: "higher",
  async open(side, environment) {
    const pair = await startPair(side, environment);
    return {
      async sample({ warmUp }) {
        const { count, seconds, cpu } = await pair.client.ask("post", { count: warmUp ? 20_000 : 10_000, window: 1000 });
        await environment.purge(pair.queue);
        return { value: count / seconds, clientCpu: cpu };
      },
      close: () => pair.close(),
    };
  },
};
