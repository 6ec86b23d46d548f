import { createHash } from "node:crypto";
import type { Cron } from "croner";
import { LigatureError } from "../errors/index.ts";
import { loadPeer } from "../peers/index.ts";
import type { TimingSpec } from "./schedule-types.ts";

/** The moments of a schedule, epoch milliseconds. */
export interface Timetable {
  /** The first tick after a moment; undefined when there is none any more. */
  next(after: number): number | undefined;
  /** The last tick at a moment or before it. */
  last(at: number): number | undefined;
}

/** What is to be sent. */
export interface DueTicks {
  /** Nominal times, in order. */
  readonly due: readonly number[];
  /** How many were left out, since they are too old; 10000 at most are counted. */
  readonly missed: number;
  /** When to look again; undefined when there is no tick any more. */
  readonly wakeAt: number | undefined;
}

/** Ticks that are sent in one go at most; the others follow at once. */
const mostDue = 1000;
const mostMissed = 10_000;

/**
 * @param where for messages
 * @throws LigatureError `INVALID_OPTION` for a pattern that can't be read or never comes, and when croner isn't installed
 */
export async function timetableOf(timing: TimingSpec, where: string): Promise<Timetable> {
  const { cron, every } = timing;
  if (every !== undefined) {
    return {
      next: (after) => (Math.floor(after / every) + 1) * every,
      last: (at) => Math.floor(at / every) * every,
    };
  }
  const job = await cronOf(cron ?? "", timing, where);
  return {
    next: (after) => job.nextRun(new Date(after))?.getTime(),
    // n.b. croner looks strictly before.
    last: (at) => job.previousRuns(1, new Date(at + 1))[0]?.getTime(),
  };
}

async function cronOf(pattern: string, { timeZone, bothDays }: TimingSpec, where: string): Promise<Cron> {
  const croner = await loadPeer("croner", () => import("croner"));
  const refuse = (why: string, cause?: unknown): LigatureError =>
    new LigatureError(
      "INVALID_OPTION",
      `${where}: cron "${pattern}" ${why}. It has five fields: minute, hour, day of the month, month, day of the week; "30 2 * * 1-5" is at 2:30 from Monday to Friday.`,
      { details: { option: "cron" }, ...(cause !== undefined && { cause }) },
    );
  let job: Cron;
  try {
    job = new croner.Cron(pattern, { timezone: timeZone, paused: true, ...(bothDays === true && { domAndDow: true }) });
  } catch (error) {
    throw refuse(
      `can't be read (${error instanceof Error ? error.message.replace(/^CronPattern: /, "") : String(error)})`,
      error,
    );
  }
  if (job.nextRun() === null) throw refuse("never comes");
  return job;
}

/** The moment at which a tick is sent. @param id the tick's: its jitter follows from it */
export function sendAt(slot: number, jitter: number, id: string): number {
  if (jitter === 0) return slot;
  const share = createHash("sha1").update(id).digest().readUInt32BE(0) / 2 ** 32;
  return slot + Math.floor(share * jitter);
}

/**
 * What is due of a schedule.
 * @param last the last tick that was sent, or the moment from which on there are ticks
 * @param idOf a tick's id
 */
export function dueTicks(
  timetable: Timetable,
  { jitter, catchUp }: Pick<TimingSpec, "jitter" | "catchUp">,
  { last, now, idOf }: { readonly last: number; readonly now: number; readonly idOf: (slot: number) => string },
): DueTicks {
  // What jitter holds back isn't late.
  const from = Math.max(last, now - catchUp - jitter - 1);
  const due: number[] = [];
  let wakeAt: number | undefined;
  for (let slot = timetable.next(from); slot !== undefined; slot = timetable.next(slot)) {
    const at = sendAt(slot, jitter, idOf(slot));
    if (at > now || due.length >= mostDue) {
      wakeAt = at;
      break;
    }
    due.push(slot);
  }
  if (from === last) return { due, missed: 0, wakeAt };
  const old = timetable.last(from);
  if (old === undefined || old <= last) return { due, missed: 0, wakeAt };
  const missed = countAfter(timetable, last, old);
  return due.length === 0 ? { due: [old], missed: missed - 1, wakeAt } : { due, missed, wakeAt };
}

function countAfter(timetable: Timetable, after: number, until: number): number {
  let count = 0;
  for (let slot = timetable.next(after); slot !== undefined && slot <= until && count < mostMissed; slot = timetable.next(slot)) {
    count += 1;
  }
  return count;
}
