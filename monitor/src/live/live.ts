import type { MonitorEvent, TaskEvent, WorkerEvent } from "../events/index.ts";

export interface LiveWorker {
  readonly host: string;
  readonly software: string | undefined;
  readonly pid: number | undefined;
  readonly active: number | undefined;
  readonly processed: number | undefined;
  readonly load: readonly number[];
  /** Epoch milliseconds, by the monitor's clock. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** Seconds between its heartbeats. */
  readonly every: number;
  readonly state: "online" | "silent" | "offline";
}

export interface LiveRun {
  readonly id: string;
  readonly name: string | undefined;
  readonly host: string;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly retries: number;
  /** JSON. */
  readonly progress: string | undefined;
}

const maxWorkers = 2_000;
const maxRunning = 10_000;
const maxNames = 50_000;
const maxEnded = 50_000;
/** How many seconds back rates are known. */
const ratesKept = 300;

/** Events of one second. */
interface Second {
  at: number;
  ended: number;
  failed: number;
  started: number;
}

/** What is going on now, as the events tell, whether or not they can be written. Bounded. */
export class Live {
  readonly #workers = new Map<string, Omit<LiveWorker, "state"> & { readonly isOffline: boolean }>();
  readonly #running = new Map<string, LiveRun>();
  readonly #names = new Map<string, string>();
  /** Those that ended last: what is heard of them afterwards comes late. */
  readonly #ended = new Set<string>();
  readonly #seconds: Second[] = [];
  /** Counts the changes: pages ask for what is new after one. */
  #cursor = 0;

  get cursor(): number {
    return this.#cursor;
  }

  changed(): void {
    this.#cursor++;
  }

  onEvent(event: MonitorEvent): void {
    this.#cursor++;
    if (event.kind === "worker") this.#onWorker(event);
    else this.#onTask(event);
  }

  workers(now: number = Date.now()): readonly LiveWorker[] {
    return [...this.#workers.values()]
      .map(({ isOffline, ...worker }): LiveWorker => {
        // Celery counts a worker as alive for two of its heartbeats; a busy machine may be a little late.
        const isSilent = now > worker.lastAt + worker.every * 2_000 + 1_000;
        return { ...worker, state: isOffline ? "offline" : isSilent ? "silent" : "online" };
      })
      .sort((a, b) => (a.host < b.host ? -1 : 1));
  }

  /** The longest first. */
  running(): readonly LiveRun[] {
    return [...this.#running.values()].sort((a, b) => a.since - b.since);
  }

  get runningCount(): number {
    return this.#running.size;
  }

  /** Of the last so many whole seconds, the oldest first. */
  rates(seconds: number, now: number = Date.now()): readonly Second[] {
    const last = Math.floor(now / 1000) - 1;
    const known = new Map(this.#seconds.map((each) => [each.at, each]));
    return Array.from({ length: seconds }, (_, index) => {
      const at = last - seconds + 1 + index;
      return known.get(at) ?? { at, ended: 0, failed: 0, started: 0 };
    });
  }

  /** Tasks that an earlier monitor saw start. */
  restore(runs: Iterable<LiveRun>): void {
    for (const run of runs) if (this.#running.size < maxRunning) this.#running.set(run.id, run);
  }

  #onWorker(event: WorkerEvent): void {
    const before = this.#workers.get(event.host);
    if (before === undefined && this.#workers.size >= maxWorkers) this.#forgetOldest();
    const isNew = before === undefined || event.type === "worker-online";
    this.#workers.set(event.host, {
      host: event.host,
      software: event.software ?? before?.software,
      pid: event.pid ?? before?.pid,
      active: event.active ?? before?.active,
      processed: event.processed ?? before?.processed,
      load: event.load ?? before?.load ?? [],
      firstAt: isNew ? event.receivedAt : before.firstAt,
      lastAt: event.receivedAt,
      every: event.every,
      isOffline: event.type === "worker-offline",
    });
    if (event.type !== "worker-heartbeat") {
      // What it ran, it doesn't run any more.
      for (const run of this.#running.values()) if (run.host === event.host) this.#running.delete(run.id);
    }
  }

  #forgetOldest(): void {
    const [oldest] = [...this.#workers.values()].sort((a, b) => a.lastAt - b.lastAt);
    if (oldest !== undefined) this.#workers.delete(oldest.host);
  }

  #onTask(event: TaskEvent): void {
    if (event.name !== undefined) this.#learnName(event.id, event.name);
    const second = this.#second(event.receivedAt);
    if (event.type === "task-started" || event.type === "task-progress") {
      if (this.#ended.has(event.id)) return;
      const before = this.#running.get(event.id);
      if (event.type === "task-started") second.started++;
      if (before === undefined && this.#running.size >= maxRunning) return;
      this.#running.set(event.id, {
        id: event.id,
        name: event.name ?? before?.name ?? this.#names.get(event.id),
        host: event.host,
        since: event.type === "task-started" ? event.at : (before?.since ?? event.at),
        retries: event.retries ?? before?.retries ?? 0,
        progress: event.progress ?? before?.progress,
      });
      return;
    }
    if (event.type === "task-sent" || event.type === "task-received") return;
    this.#running.delete(event.id);
    if (event.type === "task-succeeded" || event.type === "task-failed" || event.type === "task-revoked") {
      this.#names.delete(event.id);
      if (!this.#ended.has(event.id)) second.ended++;
      bounded(this.#ended.add(event.id), maxEnded);
    }
    if (event.type === "task-failed") second.failed++;
  }

  #learnName(id: string, name: string): void {
    bounded(this.#names.set(id, name), maxNames);
  }

  #second(time: number): Second {
    const at = Math.floor(time / 1000);
    const last = this.#seconds.at(-1);
    if (last !== undefined && last.at >= at) return last;
    const second = { at, ended: 0, failed: 0, started: 0 };
    this.#seconds.push(second);
    if (this.#seconds.length > ratesKept) this.#seconds.shift();
    return second;
  }
}

/** Forgets the oldest of more than so many. */
function bounded(collection: Set<string> | Map<string, unknown>, limit: number): void {
  if (collection.size <= limit) return;
  for (const oldest of collection.keys()) {
    collection.delete(oldest);
    break;
  }
}
