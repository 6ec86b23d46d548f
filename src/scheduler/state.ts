import type { WireSignature } from "../protocol/index.ts";
import type { TimingSpec } from "../schedules/index.ts";

/** What schedulers of one name know together; plain JSON. */
export interface ScheduleState {
  /** By schedule: the last tick that was sent, or the moment from which on there are ticks; epoch milliseconds. */
  readonly slots: Readonly<Record<string, number>>;
  /** By schedule: ticks that were left out, since they were too old. */
  readonly missed: Readonly<Record<string, number>>;
  /** By schedule: what was done to it by a call. */
  readonly changes: Readonly<Record<string, Change>>;
}

/** The latest that was done to a schedule. */
export interface Change {
  /** Epoch milliseconds; the later of two counts. */
  readonly at: number;
  readonly paused?: boolean | undefined;
  /** Ticks before it aren't made up for: the schedule was created then, or resumed. */
  readonly from?: number | undefined;
  readonly deleted?: boolean | undefined;
  /** Of a schedule that no program declares. */
  readonly definition?: StoredSchedule | undefined;
}

export interface StoredSchedule {
  readonly signature: WireSignature;
  readonly timing: TimingSpec;
}

export const emptyState: ScheduleState = Object.freeze({ slots: {}, missed: {}, changes: {} });

/** Milliseconds for which it is remembered that a schedule was deleted. */
const deletionRemembered = 86_400_000;

/** What both say; in any order, any number of times, that comes to the same. */
export function merged(one: ScheduleState, two: ScheduleState, now: number): ScheduleState {
  const changes: Record<string, Change> = { ...one.changes };
  for (const [id, change] of Object.entries(two.changes)) {
    const known = changes[id];
    if (known === undefined || change.at > known.at) changes[id] = change;
  }
  for (const [id, { at, deleted }] of Object.entries(changes)) {
    if (deleted === true && at < now - deletionRemembered) delete changes[id];
  }
  return { slots: greatest(one.slots, two.slots), missed: greatest(one.missed, two.missed), changes };
}

function greatest(one: Readonly<Record<string, number>>, two: Readonly<Record<string, number>>): Record<string, number> {
  const all: Record<string, number> = { ...one };
  for (const [id, value] of Object.entries(two)) all[id] = Math.max(all[id] ?? Number.NEGATIVE_INFINITY, value);
  return all;
}
