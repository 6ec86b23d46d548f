import { setTimeout as delay } from "node:timers/promises";
import {
  readEvent,
  type MonitorEvent,
  type SourceListener,
  type TaskEvent,
  type Window,
  type WorkerEvent,
} from "../events/index.ts";
import { Days, type Database, type Statement } from "../store/index.ts";
import { batchOf, waitOf } from "./batch.ts";
import { KnownTasks } from "./known-tasks.ts";
import { countingStatements } from "./statements.ts";
import { Tally } from "./tally.ts";

export interface IngestOptions {
  readonly window: Window;
  /** How many events may wait for the database; what comes beyond is counted, and its details are dropped. */
  readonly maxWaiting: number;
  /** How many events are written at a time. */
  readonly batchSize: number;
  /** Sees every event, before and whether or not it is written. */
  onEvent(event: MonitorEvent): void;
}

/** How the database does. */
export interface IngestStatus {
  readonly waiting: number;
  /** Events since the monitor started. */
  readonly received: number;
  readonly written: number;
  readonly dropped: number;
  /** Why nothing is written at the moment. */
  readonly problem: { readonly since: number; readonly message: string } | undefined;
}

interface Message {
  readonly tasks: TaskEvent[];
  readonly workers: WorkerEvent[];
  readonly settle: () => void;
}

const retryFrom = 500;
const retryTo = 10_000;
/** How many different names, queues and errors are counted apart while nothing can be written. */
const maxCounters = 20_000;
const aliveEvery = 2_000;

/** Takes events from a source, and keeps them: in order, in batches, each exactly once. */
export class Ingest implements Pick<SourceListener, "onEvents"> {
  readonly #database: Database;
  readonly #days: Days;
  readonly #options: IngestOptions;
  readonly #known = new KnownTasks(100_000);
  #messages: Message[] = [];
  #waiting = 0;
  #received = 0;
  #written = 0;
  #dropped = 0;
  /** Counted, and not kept: oddities, and events whose details were dropped. */
  #tally = new Tally(maxCounters);
  #problem: IngestStatus["problem"];
  #loop: Promise<void> | undefined;
  #aliveAt = 0;
  #isClosed = false;

  constructor(database: Database, options: IngestOptions) {
    this.#database = database;
    this.#days = new Days(database);
    this.#options = options;
  }

  get status(): IngestStatus {
    return {
      waiting: this.#waiting,
      received: this.#received,
      written: this.#written,
      dropped: this.#dropped,
      problem: this.#problem,
    };
  }

  onEvents(raw: readonly unknown[], settle: () => void): void {
    const message: Message = { tasks: [], workers: [], settle };
    const now = Date.now();
    for (const each of raw) {
      this.#received++;
      const read = readEvent(each, now, this.#options.window);
      if (typeof read === "string") {
        this.#tally.addOddity(read);
        continue;
      }
      if (read.fromFuture) this.#tally.addOddity("from the future");
      this.#options.onEvent(read.event);
      if (read.event.kind === "task") message.tasks.push(read.event);
      else message.workers.push(read.event);
    }
    if (this.#waiting + message.tasks.length > this.#options.maxWaiting) this.#countOnly(message);
    else {
      this.#waiting += message.tasks.length;
      this.#messages.push(message);
    }
    this.tick();
  }

  /** Writes down that the monitor is there, though nothing is heard. */
  tick(): void {
    this.#loop ??= this.#write().finally(() => (this.#loop = undefined));
  }

  /** Writes what waits, unless the database has a problem. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#loop;
    this.#aliveAt = 0;
    await this.#write();
  }

  /** What there is no room for: the broker may forget it at once, or it would hold back what comes after it. */
  #countOnly({ tasks, workers, settle }: Message): void {
    for (const event of tasks) {
      const task = this.#known.learn(event);
      this.#tally.addTask(event, event.name ?? task.name ?? "", event.queue ?? task.queue ?? "", waitOf(event, task));
      this.#tally.addSeq(event);
    }
    for (const event of workers) this.#tally.addSeq(event);
    if (tasks.length > 0) this.#tally.addOddity("details dropped", tasks.length);
    this.#dropped += tasks.length;
    settle();
  }

  async #write(): Promise<void> {
    let pause = retryFrom;
    // What arrives within a moment is written together.
    await delay(20);
    do {
      const messages = this.#take();
      try {
        await this.#writeAll(messages);
        this.#problem = undefined;
        pause = retryFrom;
      } catch (error) {
        this.#messages.unshift(...messages);
        this.#problem = { since: this.#problem?.since ?? Date.now(), message: (error as Error).message };
        if (this.#isClosed) return;
        await delay(pause);
        pause = Math.min(pause * 2, retryTo);
        continue;
      }
      for (const { settle, tasks } of messages) {
        this.#waiting -= tasks.length;
        this.#written += tasks.length;
        settle();
      }
    } while (this.#messages.length > 0 || !this.#tally.isEmpty);
  }

  #take(): Message[] {
    let count = 0;
    let index = 0;
    while (index < this.#messages.length && index < this.#options.batchSize && count < this.#options.batchSize) {
      count += this.#messages[index++]?.tasks.length ?? 0;
    }
    return this.#messages.splice(0, index);
  }

  async #writeAll(messages: readonly Message[]): Promise<void> {
    const tally = this.#tally;
    this.#tally = new Tally(maxCounters);
    try {
      const counted = countingStatements(tally);
      const tasks = messages.flatMap((message) => message.tasks);
      const workers = messages.flatMap((message) => message.workers);
      await this.#writeTasks(tasks, workers, [...counted, ...this.#alive()]);
    } catch (error) {
      tally.addAll(this.#tally);
      this.#tally = tally;
      throw error;
    }
  }

  /** An event that the database refuses while it takes others is counted, and left out. @throws DatabaseProblem */
  async #writeTasks(tasks: readonly TaskEvent[], workers: readonly WorkerEvent[], more: readonly Statement[]): Promise<void> {
    try {
      const { statements, days } = await batchOf(this.#database, this.#known, tasks, workers);
      await this.#days.prepare(days);
      const all = [...statements, ...more];
      if (all.length > 0) await this.#database.transaction(all);
    } catch (error) {
      if (tasks.length === 0 || !(await this.#takesWrites())) throw error;
      const half = Math.ceil(tasks.length / 2);
      if (tasks.length > 1) {
        await this.#writeTasks(tasks.slice(0, half), workers, more);
        await this.#writeTasks(tasks.slice(half), [], []);
      } else {
        this.#tally.addOddity("refused by the database");
        await this.#writeTasks([], workers, more);
      }
    }
  }

  async #takesWrites(): Promise<boolean> {
    return this.#database.transaction([aliveStatement()]).then(
      () => true,
      () => false,
    );
  }

  /** When the monitor was there last, so that after a restart it can tell how long it was blind. */
  #alive(): readonly Statement[] {
    const now = Date.now();
    if (now - this.#aliveAt < aliveEvery) return [];
    this.#aliveAt = now;
    return [aliveStatement()];
  }
}

function aliveStatement(): Statement {
  return {
    sql: "insert into settings (name, value) values ('alive', $1) on conflict (name) do update set value = excluded.value",
    params: [String(Date.now())],
  };
}
