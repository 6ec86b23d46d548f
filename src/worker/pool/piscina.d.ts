/** What is used of piscina 5. n.b. its own declarations don't compile with `exactOptionalPropertyTypes`. */
import type { EventEmitter } from "node:events";
import type { ResourceLimits, Transferable, Worker } from "node:worker_threads";

export class Piscina extends EventEmitter {
  constructor(options: {
    readonly filename: string;
    readonly name: string;
    readonly minThreads: number;
    readonly maxThreads: number;
    /** Milliseconds. */
    readonly idleTimeout: number;
    readonly concurrentTasksPerWorker: number;
    readonly atomics: "async" | "disabled" | "sync";
    readonly recordTiming: boolean;
    readonly workerData: unknown;
    readonly resourceLimits?: ResourceLimits;
  });
  readonly threads: Worker[];
  readonly idleThreads: number;
  readonly queueSize: number;
  run(task: unknown, options: { readonly transferList: readonly Transferable[]; readonly signal: AbortSignal }): Promise<unknown>;
  destroy(): Promise<void>;
}
