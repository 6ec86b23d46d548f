import { randomUUID } from "node:crypto";
import { LigatureError } from "../errors/index.ts";
import type { Logger } from "../logging/index.ts";
import { signatureToWire } from "../protocol/index.ts";
import { dueTicks, schedule, timetableOf, type Schedule, type ScheduleOptions } from "../schedules/index.ts";
import { dataOf, type ImmutableSignature } from "../signature/index.ts";
import { after, type Timer } from "../timing/index.ts";
import { checkArguments, Entries, type Entry } from "./entries.ts";
import type { Keeper } from "./keeper.ts";
import type { Scheduler, ScheduleStatus, Schedules } from "./scheduler-types.ts";
import type { Change, ScheduleState } from "./state.ts";
import type { Ticks } from "./ticks.ts";

/** Milliseconds between two looks at most: clocks are set, and others change the schedules. */
const longestSleep = 5000;
/** Milliseconds until a turn is tried again that failed. */
const failurePause = 1000;

export interface SchedulerDependencies {
  readonly name: string;
  readonly keeper: Keeper;
  readonly ticks: Ticks;
  readonly log: Logger;
  /** Told when it starts, and when it has stopped. */
  readonly onActive: (active: boolean) => void;
}

/** One of the schedulers of a name: see {@link Scheduler}. It goes round: looks what is due, sends it, notes that, sleeps. */
export class SchedulerObject implements Omit<Scheduler, "run" | typeof Symbol.asyncDispose> {
  readonly name: string;
  readonly #schedules: Schedules;
  readonly #keeper: Keeper;
  readonly #ticks: Ticks;
  readonly #log: Logger;
  readonly #onActive: (active: boolean) => void;
  readonly #entries: Entries;
  #started: Promise<void> | undefined;
  #running: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #sleep: { readonly timer: Timer; readonly end: () => void } | undefined;
  #isAwake = false;

  constructor(schedules: Schedules, { name, keeper, ticks, log, onActive }: SchedulerDependencies) {
    this.name = name;
    this.#schedules = schedules;
    this.#keeper = keeper;
    this.#ticks = ticks;
    this.#log = log;
    this.#entries = new Entries(schedules, log);
    this.#onActive = onActive;
  }

  start(): Promise<void> {
    if (this.#stopping !== undefined) {
      return Promise.reject(new LigatureError("CLOSED", `The scheduler ${this.name} has been stopped; make a new one.`));
    }
    this.#started ??= this.#start();
    return this.#started;
  }

  async #start(): Promise<void> {
    await this.#entries.prepare();
    await this.#keeper.start({ wake: () => this.#wake() });
    if (this.#stopping !== undefined) return;
    this.#onActive(true);
    this.#log.info({ schedules: Object.keys(this.#schedules).join(",") }, "scheduler is ready");
    this.#running = this.#goRound();
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#wake();
    await this.#started?.catch(() => {});
    const wasRunning = this.#running !== undefined;
    await this.#running;
    await this.#keeper.close();
    if (wasRunning) this.#onActive(false);
  }

  async create(id: string, signature: ImmutableSignature<unknown>, options: ScheduleOptions): Promise<void> {
    checkId(id);
    if (Object.hasOwn(this.#schedules, id)) {
      throw new LigatureError(
        "INVALID_OPTION",
        `create(): this program declares a schedule "${id}" itself; give this one another id.`,
      );
    }
    const made: Schedule = schedule(signature, options);
    const data = dataOf(signature, "create()");
    await checkArguments(data);
    await timetableOf(made.timing, `The schedule ${id}`);
    const now = Date.now();
    const definition = { signature: signatureToWire(data), timing: made.timing };
    await this.#keeper.change(id, { at: now, from: now, definition });
  }

  async pause(id: string): Promise<void> {
    await this.#change(id, "pause()", (change, now) => ({ ...change, at: now, paused: true }));
  }

  async resume(id: string): Promise<void> {
    await this.#change(id, "resume()", (change, now) => ({ ...change, at: now, from: now, paused: false }));
  }

  async delete(id: string): Promise<void> {
    if (Object.hasOwn(this.#schedules, id)) {
      throw new LigatureError(
        "INVALID_OPTION",
        `delete(): this program declares the schedule "${id}"; pause it, or leave it out of the program.`,
      );
    }
    await this.#change(id, "delete()", (_change, now) => ({ at: now, deleted: true }));
  }

  async list(): Promise<readonly ScheduleStatus[]> {
    await this.#entries.prepare();
    const state = await this.#keeper.read();
    const ids = new Set([...Object.keys(this.#schedules), ...Object.keys(state.slots), ...Object.keys(state.changes)]);
    const all: ScheduleStatus[] = [];
    for (const id of [...ids].toSorted()) {
      const change = state.changes[id];
      if (change?.deleted === true) continue;
      const entry = await this.#entries.of(id, change);
      const { [id]: last } = state.slots;
      const next = entry?.timetable.next(Math.max(last ?? 0, change?.from ?? 0, Date.now()));
      all.push({
        id,
        dynamic: change?.definition !== undefined,
        paused: change?.paused ?? false,
        last: last === undefined ? undefined : new Date(last),
        next: next === undefined || change?.paused === true ? undefined : new Date(next),
        missed: state.missed[id] ?? 0,
      });
    }
    return all;
  }

  async runNow(id: string): Promise<string> {
    await this.#entries.prepare();
    const { changes } = await this.#keeper.read();
    const entry = await this.#entries.of(id, changes[id]);
    if (entry === undefined) throw this.#unknown(id, "runNow()");
    const taskId = `${this.name}:${id}@now-${new Date().toISOString()}-${randomUUID().slice(0, 8)}`;
    await this.#ticks.send(taskId, entry.sent);
    return taskId;
  }

  async #change(id: string, what: string, make: (change: Change | undefined, now: number) => Change): Promise<void> {
    const { changes, slots } = await this.#keeper.read();
    const change = changes[id];
    const isKnown = change !== undefined || Object.hasOwn(slots, id) || Object.hasOwn(this.#schedules, id);
    if (!isKnown || change?.deleted === true) throw this.#unknown(id, what);
    await this.#keeper.change(id, make(change, Date.now()));
  }

  #unknown(id: string, what: string): LigatureError {
    return new LigatureError(
      "INVALID_OPTION",
      `${what}: the schedulers "${this.name}" have no schedule "${id}"; list() gives all there are.`,
    );
  }

  async #goRound(): Promise<void> {
    while (this.#stopping === undefined) {
      this.#isAwake = false;
      let wakeAt = Date.now() + failurePause;
      try {
        wakeAt = await this.#turn();
      } catch (error) {
        if (error instanceof LigatureError && error.code === "CLOSED") return;
        this.#log.warn({ err: error, retryInMs: failurePause }, "the schedules could not be looked after; trying again");
      }
      await this.#sleepUntil(wakeAt);
    }
  }

  /** Sends what is due. @returns when to look again */
  async #turn(): Promise<number> {
    const state = await this.#keeper.turn();
    let wakeAt = Date.now() + longestSleep;
    if (state === undefined) return wakeAt;
    for (const [id, entry] of await this.#entries.active(state)) {
      const next = await this.#send(id, entry, state);
      if (next !== undefined && next < wakeAt) wakeAt = next;
      if (this.#stopping !== undefined) break;
    }
    await this.#keeper.endTurn();
    return wakeAt;
  }

  /** @returns when its next tick is due */
  async #send(id: string, { timing, timetable, sent }: Entry, state: ScheduleState): Promise<number | undefined> {
    const now = Date.now();
    const { from } = state.changes[id] ?? {};
    const slot = state.slots[id] ?? from;
    if (slot === undefined) {
      // It is seen for the first time, so there was nothing to miss.
      await this.#keeper.done(id, now, 0);
      return timetable.next(now);
    }
    const last = Math.max(slot, from ?? slot);
    const idOf = (nominal: number): string => tickId(this.name, id, nominal);
    const { due, missed, wakeAt } = dueTicks(timetable, timing, { last, now, idOf });
    for (const [index, nominal] of due.entries()) {
      if (!(await this.#keeper.take(id, nominal))) return now + failurePause;
      await this.#ticks.send(idOf(nominal), sent);
      await this.#keeper.done(id, nominal, index === 0 ? missed : 0);
      this.#log.debug({ schedule: id, tick: new Date(nominal).toISOString() }, "a tick was sent");
    }
    if (missed > 0)
      this.#log.warn({ schedule: id, missed }, "ticks were missed, and are too old to be made up for (option catchUp)");
    return wakeAt;
  }

  #wake(): void {
    this.#isAwake = true;
    this.#sleep?.end();
  }

  #sleepUntil(at: number): Promise<void> {
    if (this.#isAwake || this.#stopping !== undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        this.#sleep?.timer.cancel();
        this.#sleep = undefined;
        resolve();
      };
      this.#sleep = { timer: after(Math.max(1, Math.min(at - Date.now(), longestSleep)), end), end };
    });
  }
}

function tickId(name: string, id: string, nominal: number): string {
  return `${name}:${id}@${new Date(nominal).toISOString()}`;
}

export function checkId(id: unknown): void {
  if (typeof id === "string" && /^[A-Za-z0-9][\w.-]{0,79}$/.test(id)) return;
  throw new LigatureError(
    "INVALID_OPTION",
    `A schedule's id must be 1 to 80 letters, digits, "_", "-" or ".", got ${JSON.stringify(id)}.`,
  );
}
