import type { ContractRef } from "../signature/index.ts";
import type { CompiledWorkerOptions } from "./worker-options.ts";

/** What a worker serves, and how it is doing. */
export interface WorkerHealth {
  readonly name: string;
  readonly contract: string;
  /** Names of its tasks, as they are sent. */
  readonly tasks: readonly string[];
  readonly queues: readonly string[];
  readonly concurrency: number;
  /**
   * `idle` until it is started; `starting` while it declares its queues and waits for the broker; `running` while it takes requests;
   * `draining` while what runs may finish; `stopped` for good.
   */
  readonly state: "idle" | "starting" | "running" | "draining" | "stopped";
  /** Whether requests arrive: it is running, and the broker has it as a consumer of all its queues now. */
  readonly consuming: boolean;
  /** How many requests run now. */
  readonly running: number;
}

/** One that isn't started. */
export function idleWorker(contract: ContractRef, { name, concurrency }: CompiledWorkerOptions): WorkerHealth {
  const tasks = [...contract.tasks.values()].map(({ spec }) => spec);
  return {
    name,
    contract: contract.spec.name,
    tasks: tasks.map((task) => task.name),
    queues: [...new Set(tasks.map(({ queue }) => queue.name))],
    concurrency,
    state: "idle",
    consuming: false,
    running: 0,
  };
}
