import type { Logger } from "../../logging/index.ts";
import { deferred, onAbort, pause, type Deferred } from "../../timing/index.ts";
import { HandlerLost } from "../request/index.ts";
import { PoolProcess } from "./child-process.ts";
import type { Job, ModuleShape, Outcome } from "./messages.ts";
import type { ModuleFile } from "./module-file.ts";
import { loadingPause, untilBegun, type JobControl, type Pool, type PoolSettings } from "./pool.ts";

/** A child that holds this part of its limit after a task is replaced, before it becomes the next one's trouble. */
const fullAt = 0.8;

/**
 * Child processes, as many as the pool is large. Each of its places is in one of these states:
 *
 *   loading  a process starts and loads the module.  ─▶ idle; when it can't, again after a pause
 *   idle     ─▶ busy with the next job
 *   busy     done ─▶ idle, or ending when it has done its share; exit ─▶ loading
 *   ending   exit ─▶ loading
 */
export class ProcessPool implements Pool {
  readonly #module: ModuleFile;
  readonly #settings: PoolSettings;
  readonly #log: Logger;
  readonly #all = new Set<PoolProcess>();
  readonly #idle: PoolProcess[] = [];
  readonly #waiting: Deferred<PoolProcess>[] = [];
  readonly #closing = new AbortController();

  constructor(module: ModuleFile, settings: PoolSettings, log: Logger) {
    this.#module = module;
    this.#settings = settings;
    this.#log = log;
  }

  async open(): Promise<ModuleShape> {
    const first = await Promise.allSettled(Array.from({ length: this.#settings.size }, () => this.#start()));
    const failed = first.find((each) => each.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    const started = first.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    for (const { child } of started) void this.#keepPlace(child);
    return started[0]?.shape ?? {};
  }

  run(job: Job, control: JobControl): Promise<Outcome> {
    return untilBegun(control, async (tried) => {
      const child = await this.#take(control.kill);
      try {
        return await child.run(job, tried);
      } finally {
        this.#giveBack(child);
      }
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const idle = new Set(this.#idle);
    for (const waiting of this.#waiting.splice(0)) waiting.reject(new HandlerLost("Its worker has stopped."));
    await Promise.all(
      [...this.#all].map(async (child) => {
        if (idle.has(child)) return child.end();
        child.kill();
        await child.exited;
      }),
    );
  }

  /** @throws Error when the module can't be used */
  async #start(): Promise<{ readonly child: PoolProcess; readonly shape: ModuleShape }> {
    const child = new PoolProcess(this.#module, this.#settings.maxMemory);
    this.#all.add(child);
    void child.exited.then(() => this.#all.delete(child));
    const loaded = await child.load();
    if ("shape" in loaded) return { child, shape: loaded.shape };
    await child.end();
    throw new Error(loaded.unusable);
  }

  /** Replaces a child that has ended, as often as it takes. */
  async #keepPlace(first: PoolProcess): Promise<void> {
    let child: PoolProcess | undefined = first;
    for (let failures = 0; !this.#closing.signal.aborted;) {
      if (child !== undefined) {
        this.#offer(child);
        const how = await child.exited;
        this.#forget(child);
        // One that ends by itself before it has done anything would be started without a pause for ever.
        failures = child.jobs > 0 ? 0 : failures + 1;
        this.#log.debug({ pid: child.pid, jobs: child.jobs }, how);
      }
      if (failures > 0) await pause(loadingPause(failures), { signal: this.#closing.signal });
      if (this.#closing.signal.aborted) return;
      try {
        ({ child } = await this.#start());
      } catch (error) {
        child = undefined;
        failures += 1;
        if (!this.#closing.signal.aborted)
          this.#log.error({ err: error, module: this.#module.url }, "a child can't load its handlers; trying again");
      }
    }
  }

  async #take(kill: AbortSignal): Promise<PoolProcess> {
    const idle = this.#idle.shift();
    if (idle !== undefined) return idle;
    const waiting = deferred<PoolProcess>();
    this.#waiting.push(waiting);
    const forget = onAbort(kill, () => {
      const at = this.#waiting.indexOf(waiting);
      if (at < 0) return;
      this.#waiting.splice(at, 1);
      waiting.reject(new HandlerLost("It was stopped before it began."));
    });
    try {
      return await waiting.promise;
    } finally {
      forget();
    }
  }

  #giveBack(child: PoolProcess): void {
    const { maxTasks, maxMemory } = this.#settings;
    const isFull = maxMemory !== undefined && child.memory > maxMemory * fullAt;
    if (child.jobs >= maxTasks || isFull) void child.end();
    else this.#offer(child);
  }

  #offer(child: PoolProcess): void {
    if (!this.#all.has(child)) return;
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(child);
    else next.resolve(child);
  }

  #forget(child: PoolProcess): void {
    const at = this.#idle.indexOf(child);
    if (at >= 0) this.#idle.splice(at, 1);
  }
}
