/** A worker process. Arguments: the side. */
import { loadSide } from "../load-side.ts";
import type { QueueType, Worker } from "../side.ts";
import { startMeasuring, type Measurement } from "./measure.ts";
import { serve } from "./serve.ts";

const side = await loadSide(process.argv[2]);
let worker: Worker;
let cpu = process.cpuUsage();

interface Where {
  readonly url: string;
  readonly queue: string;
  readonly queueType?: QueueType;
  readonly prefetch: number;
}

const commands = {
  async start(where: Where): Promise<void> {
    worker = await side.openWorker({ ...where, onHandled: () => {} });
  },
  /** Starts; from the first of `count` waiting tasks to the last. What comes before, such as connecting, isn't measured. */
  async drain({ count, ...where }: Where & { readonly count: number }): Promise<Measurement> {
    let handled = 0;
    let stop: ReturnType<typeof startMeasuring> | undefined;
    let finish: (measurement: Measurement) => void = () => {};
    const drained = new Promise<Measurement>((resolve) => {
      finish = resolve;
    });
    worker = await side.openWorker({
      ...where,
      onHandled() {
        handled += 1;
        stop ??= startMeasuring();
        if (handled === count) finish(stop(count - 1));
      },
    });
    return drained;
  },
  /** Microseconds of processor time since the last `cpu`. */
  async cpu(): Promise<number> {
    const { user, system } = process.cpuUsage(cpu);
    cpu = process.cpuUsage();
    return user + system;
  },
  async close(): Promise<void> {
    await worker.close();
  },
};
export type WorkerCommands = typeof commands;

serve(commands);
