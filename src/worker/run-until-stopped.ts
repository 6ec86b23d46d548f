import type { Logger } from "../logging/index.ts";
import { onTermination } from "./termination.ts";
import type { Worker } from "./worker.ts";

/** What it takes to run a worker to its end. */
export interface RunnableWorker {
  readonly worker: Pick<Worker, "start" | "stop">;
  readonly log: Logger;
  /** How many requests run. */
  running(): number;
  /** Aborts them. */
  abort(): void;
  /** Resolves when the worker has stopped, whoever stopped it, or could not be stopped. */
  readonly stopped: Promise<void>;
  hasStarted(): boolean;
  /** What comes after it. */
  onEnd(): Promise<void>;
}

/**
 * Starts a worker, and resolves when it has stopped: after SIGTERM, SIGINT, or a call of `stop()`. A second signal aborts what runs.
 * @throws what the worker's start, or its end, fails with
 */
export async function runUntilStopped(run: RunnableWorker): Promise<void> {
  const { worker, log } = run;
  let signals = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    signals += 1;
    const what = signals === 1 ? "worker drains; a second signal aborts what still runs" : "aborting";
    log.info({ signal, running: run.running() }, what);
    if (signals > 1) run.abort();
    // A failure to stop reaches the caller through stop()'s promise, which is awaited below.
    else void worker.stop().catch(() => {});
  };
  const forget = onTermination(onSignal);
  try {
    await untilStopped(run);
    // With the signals still ours: a second one must not cut off what is being closed.
    await run.onEnd();
  } finally {
    forget();
  }
}

async function untilStopped(run: RunnableWorker): Promise<void> {
  const { worker, stopped } = run;
  try {
    // A start that waits for the broker ends with the app; a signal must not wait for that.
    await Promise.race([worker.start(), stopped]);
    await stopped;
    await worker.stop();
  } catch (error) {
    // Refused: what is left behind, the open connection above all, would keep the program alive. One that was stopped before had its end.
    if (run.hasStarted()) {
      await worker.stop().catch(() => {});
      await run.onEnd();
    }
    throw error;
  }
}
