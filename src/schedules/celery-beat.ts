import { LigatureError } from "../errors/index.ts";
import { immutableSignature, knownTask, type SignatureOptions } from "../signature/index.ts";
import { compileTiming } from "./schedule.ts";
import type { Schedule, TimingSpec } from "./schedule-types.ts";

/** Celery's crontab, field by field: numbers, lists, or the text that Celery takes. */
export interface CeleryCrontab {
  readonly minute?: CrontabField;
  readonly hour?: CrontabField;
  readonly day_of_week?: CrontabField;
  readonly day_of_month?: CrontabField;
  readonly month_of_year?: CrontabField;
}

type CrontabField = string | number | readonly (string | number)[];

/** One entry of Celery's `beat_schedule`, as JSON has it: `timedelta` and numbers are seconds. */
export interface CeleryBeatEntry {
  readonly task: string;
  readonly schedule: number | CeleryCrontab;
  readonly args?: readonly unknown[];
  readonly options?: {
    readonly queue?: string;
    readonly priority?: number;
    /** Seconds. */
    readonly expires?: number;
    readonly countdown?: number;
  };
}

const entryKeys = ["task", "schedule", "args", "kwargs", "options", "relative"];
const fields = ["minute", "hour", "day_of_month", "month_of_year", "day_of_week"] as const;

/**
 * Celery's `beat_schedule`, for `app.scheduler()`. Its tasks must be those of contract packages that the program has loaded.
 * @param entries as JSON has them
 * @param options.timeZone Celery's setting `timezone` @default "UTC", as Celery's
 * @throws LigatureError `NOT_REGISTERED` for a task that no loaded contract declares; `INVALID_OPTION` for what can't be taken over
 */
export function celeryBeat(
  entries: Readonly<Record<string, CeleryBeatEntry>>,
  options: { readonly timeZone?: string } = {},
): Readonly<Record<string, Schedule>> {
  return Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, scheduleOf(name, entry, options.timeZone)]));
}

function scheduleOf(name: string, entry: CeleryBeatEntry, timeZone: string | undefined): Schedule {
  const where = `celeryBeat(), entry "${name}"`;
  const unknown = Object.keys(entry).find((key) => !entryKeys.includes(key));
  if (unknown !== undefined) throw invalid(where, `${unknown} is no part of an entry; known are ${entryKeys.join(", ")}`);
  const { kwargs } = entry as { readonly kwargs?: Readonly<Record<string, unknown>> };
  if (kwargs !== undefined && Object.keys(kwargs).length > 0) {
    throw invalid(where, "kwargs can't be taken over; give the arguments as args, in the order of the contract's parameters");
  }
  const found = knownTask(entry.task);
  if (found === undefined) {
    throw new LigatureError(
      "NOT_REGISTERED",
      `${where}: no contract package that this program has loaded declares "${entry.task}". Import the package that does, not only its types.`,
      { details: { task: entry.task } },
    );
  }
  const timing = timingOf(entry.schedule, timeZone, where);
  const signature = immutableSignature(found.task, entry.args ?? []).set(sendingOptions(entry.options ?? {}, where));
  return Object.freeze({ signature, timing });
}

function sendingOptions(options: NonNullable<CeleryBeatEntry["options"]>, where: string): SignatureOptions {
  const { queue, priority, expires, countdown, ...others } = options;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw invalid(where, `options.${unknown} can't be taken over`);
  return {
    ...(queue !== undefined && { queue }),
    ...(priority !== undefined && { priority }),
    ...(expires !== undefined && { expires: expires * 1000 }),
    ...(countdown !== undefined && { countdown: countdown * 1000 }),
  };
}

function timingOf(schedule: unknown, timeZone: string | undefined, where: string): TimingSpec {
  const zone = timeZone === undefined ? {} : { timeZone };
  if (typeof schedule === "number") return compileTiming({ every: schedule * 1000, ...zone }, where);
  if (typeof schedule !== "object" || schedule === null) {
    throw invalid(where, "schedule must be a number of seconds, or an object with crontab's fields");
  }
  const unknown = Object.keys(schedule).find((key) => !fields.some((field) => field === key));
  if (unknown !== undefined) throw invalid(where, `crontab has no field ${unknown}; it has ${fields.join(", ")}`);
  const crontab = schedule as CeleryCrontab;
  const cron = fields.map((field) => textOf(crontab[field] ?? "*")).join(" ");
  return { ...compileTiming({ cron, ...zone }, where), bothDays: true };
}

function textOf(field: CrontabField): string {
  return (Array.isArray(field) ? field.join(",") : String(field))
    .replaceAll(" ", "")
    .replaceAll(/[a-z]{4,}/gi, (name) => name.slice(0, 3));
}

function invalid(where: string, why: string): LigatureError {
  return new LigatureError("INVALID_OPTION", `${where}: ${why}.`);
}
