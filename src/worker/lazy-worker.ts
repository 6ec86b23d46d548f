import type { WorkerStatistics } from "./request/index.ts";
import type { Worker } from "./worker.ts";

/** A worker that a program makes before the code of workers is loaded: each call goes to the worker, once that is there, in order. */
export class LazyWorker implements Worker {
  readonly name: string;
  readonly #worker: Promise<Worker>;
  #loaded: Worker | undefined;

  constructor(name: string, worker: Promise<Worker>) {
    this.name = name;
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
    return (this.#loaded ?? (await this.#worker)).run();
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

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
