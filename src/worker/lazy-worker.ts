import type { WorkerStatistics } from "./request/index.ts";
import { onTermination } from "./termination.ts";
import type { Worker } from "./worker.ts";
import type { WorkerHealth } from "./worker-health.ts";

/** A worker that a program makes before the code of workers is loaded: each call goes to the worker, once that is there, in order. */
export class LazyWorker implements Worker {
  readonly name: string;
  readonly #idle: WorkerHealth;
  readonly #worker: Promise<Worker>;
  #loaded: Worker | undefined;

  constructor(idle: WorkerHealth, worker: Promise<Worker>) {
    this.name = idle.name;
    this.#idle = idle;
    this.#worker = worker.then((loaded) => (this.#loaded = loaded));
    // Who calls hears of it.
    this.#worker.catch(() => {});
  }

  /** Itself, as its handlers' requests know it. */
  get host(): Worker {
    return this.#loaded ?? this;
  }

  async start(): Promise<void> {
    return (this.#loaded ?? (await this.#worker)).start();
  }

  async run(): Promise<void> {
    if (this.#loaded !== undefined) return this.#loaded.run();
    // From the call on, signals are ours.
    let isOver = false;
    const forget = onTermination(() => (isOver = true));
    try {
      const worker = await this.#worker;
      const done = worker.run();
      // n.b. a failure to stop reaches the caller through run()'s promise.
      if (isOver) worker.stop().catch(() => {});
      await done;
    } finally {
      forget();
    }
  }

  async stop(): Promise<void> {
    return (this.#loaded ?? (await this.#worker)).stop();
  }

  statistics(): WorkerStatistics {
    return (
      this.#loaded?.statistics() ?? {
        succeeded: 0,
        failed: 0,
        retried: 0,
        revoked: 0,
        refused: 0,
        running: 0,
        foreignVersions: [],
      }
    );
  }

  health(): WorkerHealth {
    return this.#loaded?.health() ?? this.#idle;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
