import type { Duration } from "../contract/duration.ts";
import type { ImmutableSignature } from "../signature/signature.ts";

/** When a signature is sent. */
export interface ScheduleOptions {
  /**
   * A cron pattern of five fields (minute, hour, day of the month, month, day of the week), or six with seconds in front. A tick in the hour
   * that a change to summer time leaves out comes at the first moment after it; one in the hour that comes twice, once.
   */
  readonly cron?: string;
  /** The time between ticks, in place of `cron`: those of "1h" are at full hours of UTC, wherever and whenever it was started. */
  readonly every?: Duration;
  /** Of `cron`: a name of the IANA database, such as "Europe/Berlin". @default "UTC" */
  readonly timeZone?: string;
  /** Each tick is sent up to so much later, by an amount that is always the same for it. @default 0 */
  readonly jitter?: Duration;
  /** Ticks that were missed for no longer than this are all sent late; of older ones only the last, and no tick twice. @default "5m" */
  readonly catchUp?: Duration;
}

/** A signature with its times, checked; see `schedule()`. Times are milliseconds. */
export interface Schedule {
  readonly signature: ImmutableSignature<unknown>;
  readonly timing: TimingSpec;
}

/** When a schedule ticks, as it is kept and compared; plain JSON. */
export interface TimingSpec {
  readonly cron?: string | undefined;
  readonly every?: number | undefined;
  readonly timeZone: string;
  readonly jitter: number;
  readonly catchUp: number;
  /** Celery's way: a day must fit both the day of the month and the day of the week. */
  readonly bothDays?: boolean | undefined;
}
