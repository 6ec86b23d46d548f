import type { Duration } from "../contract/index.ts";
import type { WorkerStatistics } from "./request/index.ts";

export interface WorkerOptions {
  /** How many requests run at a time. @default 16 */
  readonly concurrency?: number;
  /** How many requests the broker hands out ahead; more than `concurrency` helps only tasks of a few milliseconds. @default `concurrency` */
  readonly prefetch?: number;
  /** How long `stop()` waits for running handlers before it aborts their signal; aborted ones go back to the queue. @default "30s" */
  readonly shutdownTimeout?: Duration;
  /** The worker's name in logs, events and remote control. @default `<app>@<host>` */
  readonly name?: string;
  /** How often a handler's progress is sent at most. @default "100ms" */
  readonly progressInterval?: Duration;
  /** How many callbacks one request may carry; more are refused. @default 10000 */
  readonly maxCallbacks?: number;
}

/** Serves one contract: takes its requests from their queues and runs the handlers. */
export interface Worker extends AsyncDisposable {
  readonly name: string;
  /** Resolves once it consumes; waits for the broker as long as it takes. */
  start(): Promise<void>;
  /** Starts, and resolves after SIGTERM, SIGINT or `stop()`, when it has drained. A second signal aborts running handlers at once. */
  run(): Promise<void>;
  /** Takes no more requests, waits for the running ones, sends what they owe. Idempotent. */
  stop(): Promise<void>;
  /** What it has done so far. */
  statistics(): WorkerStatistics;
}
