import type { WorkerStatistics } from "./request/statistics.ts";
import type { WorkerHealth } from "./worker-health.ts";

/** Serves one contract: takes its requests from their queues and runs the handlers. */
export interface Worker extends AsyncDisposable {
  readonly name: string;
  /** Resolves once it consumes; waits for the broker as long as it takes. */
  start(): Promise<void>;
  /**
   * Starts, and resolves after SIGTERM, SIGINT or `stop()`, when it has drained. A second signal aborts running handlers at once.
   * For programs whose work is this worker: unless another worker of its app still runs, it also closes the app, so that the
   * program ends. To go on with the app, use `start()` and `stop()`.
   */
  run(): Promise<void>;
  /**
   * Takes no more requests, waits for the running ones, sends what they owe. Idempotent. To one of its own handlers, for which
   * it waits, it resolves as soon as it takes no more requests.
   */
  stop(): Promise<void>;
  /** What it has done so far. */
  statistics(): WorkerStatistics;
  /** What it serves, and whether it does so now. */
  health(): WorkerHealth;
}
