import { milliseconds } from "../contract/index.ts";
import { LigatureError } from "../errors/index.ts";
import { checkKnown, optionsObject, refuseOption, text, type OptionPlace } from "../options/index.ts";
import { dataOf, describe, isImmutable, type ImmutableSignature } from "../signature/index.ts";
import type { Schedule, ScheduleOptions, TimingSpec } from "./schedule-types.ts";

const known = ["cron", "every", "timeZone", "jitter", "catchUp"] satisfies (keyof ScheduleOptions)[];
/** Milliseconds between ticks at least. */
const leastInterval = 100;

/**
 * A signature that is sent over and over: for `app.scheduler()`.
 * @throws LigatureError `INVALID_OPTION` for unknown options, time zones and the like; a cron pattern is checked when the scheduler starts
 */
export function schedule(signature: ImmutableSignature<unknown>, options: ScheduleOptions): Schedule {
  const data = dataOf(signature, "schedule()");
  if (!isImmutable(data)) {
    throw new LigatureError(
      "INVALID_ARGUMENTS",
      `schedule(): ${describe(data)} waits for a parent's result, and a tick has none to give. Build its first step with .si(...).`,
    );
  }
  return Object.freeze({ signature, timing: compileTiming(options, `schedule(${describe(data)})`) });
}

/** @param where for messages */
export function compileTiming(options: ScheduleOptions, where: string): TimingSpec {
  const place: OptionPlace = { prefix: `${where}: ` };
  optionsObject(options, `${where} needs an object of options: { cron: "0 3 * * *" } or { every: "30s" }.`);
  checkKnown(options, known, where, place);
  const { cron, every, timeZone, jitter, catchUp } = options;
  if ((cron === undefined) === (every === undefined)) {
    refuseOption(place, "cron", `${where} needs either cron, such as "0 3 * * *", or every, such as "30s".`);
  }
  return {
    ...(cron !== undefined && { cron: text(cron, "cron", place) }),
    ...(every !== undefined && { every: milliseconds(every, `${where}: every`, { least: leastInterval }) }),
    timeZone: timeZone === undefined ? "UTC" : checkedTimeZone(timeZone, place),
    jitter: jitter === undefined ? 0 : milliseconds(jitter, `${where}: jitter`),
    catchUp: catchUp === undefined ? defaultCatchUp : milliseconds(catchUp, `${where}: catchUp`),
  };
}

/** Milliseconds: a scheduler that is killed, or loses its network, is replaced within that. */
const defaultCatchUp = 5 * 60_000;

function checkedTimeZone(timeZone: unknown, place: OptionPlace): string {
  const name = text(timeZone, "timeZone", place);
  try {
    // Throws for a name that it doesn't know.
    Intl.DateTimeFormat("en", { timeZone: name });
    return name;
  } catch {
    return refuseOption(
      place,
      "timeZone",
      `${place.prefix}timeZone "${name}" isn't known. Use a name of the IANA database, such as "Europe/Berlin" or "UTC".`,
    );
  }
}
