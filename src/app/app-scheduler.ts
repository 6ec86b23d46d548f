import { LigatureError } from "../errors/index.ts";
import { optionsObject } from "../options/index.ts";
import type { Scheduler, SchedulerObject, SchedulerOptions, Schedules, ScheduleStatus } from "../scheduler/index.ts";
import type { ScheduleOptions } from "../schedules/index.ts";
import type { ImmutableSignature } from "../signature/index.ts";
import { onTermination } from "../worker/front.ts";
import type { CompiledAppOptions } from "./app-options.ts";
import type { AppParts } from "./app-parts.ts";
import type { AppStore } from "./app-store.ts";

const nameForm = /^[A-Za-z0-9][\w.-]{0,79}$/;

/** A scheduler as an app gives it at once: what it does is loaded when it is first used. */
class AppScheduler implements Scheduler {
  readonly name: string;
  readonly #load: () => Promise<SchedulerObject>;
  readonly #onRunEnd: () => Promise<void>;
  #loading: Promise<SchedulerObject> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(name: string, load: () => Promise<SchedulerObject>, onRunEnd: () => Promise<void>) {
    this.name = name;
    this.#load = load;
    this.#onRunEnd = onRunEnd;
  }

  async start(): Promise<void> {
    await (await this.#scheduler()).start();
  }

  async run(): Promise<void> {
    let end = (): void => {};
    const ended = new Promise<void>((resolve) => (end = resolve));
    const forget = onTermination(end);
    try {
      // A start that waits for the broker must not keep a signal waiting.
      await Promise.race([this.start(), ended]);
      await ended;
    } finally {
      await this.stop();
      await this.#onRunEnd();
      forget();
    }
  }

  stop(): Promise<void> {
    this.#stopped ??= (async () => {
      const scheduler = await this.#loading?.catch(() => undefined);
      await scheduler?.stop();
    })();
    return this.#stopped;
  }

  async create(id: string, signature: ImmutableSignature<unknown>, options: ScheduleOptions): Promise<void> {
    await (await this.#scheduler()).create(id, signature, options);
  }

  async pause(id: string): Promise<void> {
    await (await this.#scheduler()).pause(id);
  }

  async resume(id: string): Promise<void> {
    await (await this.#scheduler()).resume(id);
  }

  async delete(id: string): Promise<void> {
    await (await this.#scheduler()).delete(id);
  }

  async list(): Promise<readonly ScheduleStatus[]> {
    return (await this.#scheduler()).list();
  }

  async runNow(id: string): Promise<string> {
    return (await this.#scheduler()).runNow(id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #scheduler(): Promise<SchedulerObject> {
    if (this.#stopped !== undefined && this.#loading === undefined) {
      return Promise.reject(new LigatureError("CLOSED", `The scheduler ${this.name} has been stopped; make a new one.`));
    }
    this.#loading ??= this.#load();
    return this.#loading;
  }
}

/** What a scheduler needs of its app. */
export interface SchedulerHost {
  readonly app: CompiledAppOptions;
  readonly parts: () => Promise<AppParts>;
  readonly store: AppStore;
  readonly onActive: (active: boolean) => void;
  readonly onRunEnd: () => Promise<void>;
}

/** @throws LigatureError `INVALID_OPTION` */
export function appScheduler(schedules: Schedules, options: SchedulerOptions, host: SchedulerHost): Scheduler {
  const { app, parts, store, onActive, onRunEnd } = host;
  const name = schedulerName(schedules, options, app.name);
  const load = async (): Promise<SchedulerObject> => {
    const [{ createScheduler }, { broker, publisher }] = await Promise.all([import("../scheduler/index.ts"), parts()]);
    const opened = app.store === undefined ? undefined : await store.open("A scheduler");
    const { log, defaultQueue } = app;
    const { openOnce } = store;
    return createScheduler(schedules, { name, broker, publisher, store: opened, openOnce, defaultQueue, log, onActive });
  };
  return new AppScheduler(name, load, onRunEnd);
}

function schedulerName(schedules: Schedules, options: SchedulerOptions, app: string): string {
  optionsObject(schedules, "scheduler() needs an object of schedules: { nightly: schedule(signature, { cron }) }.");
  for (const [id, entry] of Object.entries(schedules)) {
    if (!nameForm.test(id)) {
      throw invalid(`scheduler(): a schedule's id must be 1 to 80 letters, digits, "_", "-" or ".", got ${JSON.stringify(id)}.`);
    }
    if (typeof entry !== "object" || entry === null || !("signature" in entry) || !("timing" in entry)) {
      throw invalid(
        `scheduler(): "${id}" is no schedule. Make it with schedule(signature, { cron }), from "ligature/schedules".`,
      );
    }
  }
  const { name = app } = options;
  if (typeof name === "string" && nameForm.test(name)) return name;
  throw invalid(`scheduler(): name must be 1 to 80 letters, digits, "_", "-" or ".", got ${JSON.stringify(name)}.`);
}

function invalid(message: string): LigatureError {
  return new LigatureError("INVALID_OPTION", message);
}
