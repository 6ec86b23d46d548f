import { MessageChannel, type Worker } from "node:worker_threads";
import type { Piscina } from "piscina";
import type { Logger } from "../../logging/index.ts";
import { loadPeer } from "../../peers/index.ts";
import { deferred, onAbort, pause, settlesWithin } from "../../timing/index.ts";
import { HandlerLost } from "../request/index.ts";
import type { FromChild, Job, ModuleShape, Outcome, ToChild } from "./messages.ts";
import { childProgram, type ModuleFile } from "./module-file.ts";
import { loadingPause, untilBegun, type JobControl, type Pool, type PoolSettings } from "./pool.ts";
import type { ThreadData, ThreadJob } from "./thread-child.ts";

/** Milliseconds that threads have to end in order. */
const endTimeout = 7000;
/** Milliseconds that what a thread has said last may take to arrive. */
const lastWords = 1000;
const mebibyte = 1024 * 1024;

/** Threads of piscina, one job in each. n.b. piscina rejects what it aborts before the thread has ended. */
export class ThreadPool implements Pool {
  readonly #module: ModuleFile;
  readonly #settings: PoolSettings;
  readonly #log: Logger;
  readonly #closing = new AbortController();
  #threads: Piscina | undefined;
  #shape: ModuleShape = {};

  constructor(module: ModuleFile, settings: PoolSettings, log: Logger) {
    this.#module = module;
    this.#settings = settings;
    this.#log = log;
  }

  async open(): Promise<ModuleShape> {
    const { Piscina } = await loadPeer("piscina", () => import("piscina"));
    const { size, maxTasks, maxMemory } = this.#settings;
    const workerData: ThreadData = { url: this.#module.url, tsx: this.#module.tsx?.api, maxTasks };
    const threads = new Piscina({
      filename: childProgram("thread-child").href,
      name: "serve",
      minThreads: size,
      maxThreads: size,
      idleTimeout: Number.POSITIVE_INFINITY,
      concurrentTasksPerWorker: 1,
      // n.b. it would block the event loops of idle threads, and the connections of apps in them would die.
      atomics: "disabled",
      recordTiming: false,
      workerData,
      ...(maxMemory !== undefined && { resourceLimits: { maxOldGenerationSizeMb: Math.floor(maxMemory / mebibyte) } }),
    });
    this.#threads = threads;
    // What ends a thread while it has nothing to do.
    threads.on("error", (error: unknown) =>
      this.#log.error({ err: error }, "a thread of the pool has ended; another one starts"),
    );
    const never = { onNotice: () => {}, onAbort: () => {}, kill: new AbortController().signal };
    for (const outcome of await Promise.all(Array.from({ length: size }, () => this.#attempt({ kind: "load" }, never)))) {
      if ("unusable" in outcome) throw new Error(outcome.unusable);
    }
    return this.#shape;
  }

  async run(job: Job, control: JobControl): Promise<Outcome> {
    for (let failures = 1; ; failures += 1) {
      const outcome = await untilBegun(control, (tried) => this.#attempt(job, tried));
      if (!("unusable" in outcome)) return outcome;
      if (control.kill.aborted || this.#closing.signal.aborted) throw new HandlerLost("It was stopped before it began.");
      this.#log.error(
        { err: new Error(outcome.unusable), module: this.#module.url },
        "a child can't load its handlers; trying again",
      );
      await pause(loadingPause(failures), { signal: AbortSignal.any([control.kill, this.#closing.signal]) });
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const threads = this.#threads;
    if (threads === undefined) return;
    const idle = this.#settings.size - threads.queueSize - runningIn(threads);
    const { signal: kill } = new AbortController();
    const ended = Array.from({ length: Math.max(0, idle) }, () =>
      this.#attempt({ kind: "end" }, { onNotice: () => {}, onAbort: () => {}, kill }).catch(() => {}),
    );
    await settlesWithin(Promise.all(ended), endTimeout);
    await threads.destroy();
  }

  /** @throws HandlerLost once the thread has ended */
  async #attempt(job: Job, { onNotice, onAbort: whenAborted, kill }: JobControl): Promise<Outcome> {
    const threads = this.#threads as Piscina;
    const { port1, port2 } = new MessageChannel();
    const done = deferred<Outcome>();
    // Closed by the other side, or by its end: then all has arrived.
    const closed = new Promise((resolve) => port1.once("close", resolve));
    port1.on("message", (message: FromChild) => {
      if (message.type === "done") done.resolve(message.outcome);
      else if (message.type === "loaded") this.#shape = message.shape;
      else if (message.type !== "uncaught") onNotice(message);
    });
    whenAborted((reason) => port1.postMessage({ type: "abort", reason } satisfies ToChild));
    const controller = new AbortController();
    let ending: Promise<unknown> | undefined;
    const end = (): void => {
      const before = threads.threads;
      controller.abort();
      ending = Promise.all(before.filter((each) => !threads.threads.includes(each)).map(exitOf));
    };
    const forget = onAbort(kill, end);
    if (kill.aborted) end();
    const lost = threads
      .run({ job, port: port2 } satisfies ThreadJob, { transferList: [port2], signal: controller.signal })
      .then(
        () => "Its thread gave no answer.",
        (error: unknown) => (ending === undefined ? howItEnded(error) : "Its thread was ended by its worker."),
      )
      .then(async (how): Promise<never> => {
        await (ending ?? settlesWithin(closed, lastWords));
        throw new HandlerLost(how);
      });
    try {
      return await Promise.race([done.promise, lost]);
    } finally {
      forget();
      lost.catch(() => {});
      port1.close();
    }
  }
}

function runningIn(threads: Piscina): number {
  return threads.threads.length - threads.idleThreads;
}

/** Terminating again tells when the first time has done it. */
async function exitOf(thread: Worker): Promise<void> {
  await thread.terminate();
}

function howItEnded(error: unknown): string {
  if (!(error instanceof Error)) return "Its thread ended since nothing caught what was thrown.";
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ERR_WORKER_OUT_OF_MEMORY") return "Its thread ran out of memory (maxMemoryPerChild).";
  const exited = /^worker exited with code: (\d+)$/.exec(error.message);
  return exited === null
    ? `Its thread ended since nothing caught this: ${error.stack}`
    : `Its thread ended with exit code ${exited[1]}.`;
}
