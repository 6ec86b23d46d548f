import type { ImmutableSignature } from "../signature/signature.ts";
import type { Schedule, ScheduleOptions } from "../schedules/schedule-types.ts";

export interface SchedulerOptions {
  /** Schedulers of one name share their schedules: each tick is sent by one of them. Letters, digits, `_`, `-` and `.`. @default the app's name */
  readonly name?: string;
}

/** What is known of a schedule. */
export interface ScheduleStatus {
  readonly id: string;
  /** Nobody declares it: it was made by `create()`. */
  readonly dynamic: boolean;
  readonly paused: boolean;
  /** The nominal time of the last tick that was sent. */
  readonly last: Date | undefined;
  /** The nominal time of the next one; of a schedule that another program declares it isn't known. */
  readonly next: Date | undefined;
  /** Ticks that were left out, since they were too old. */
  readonly missed: number;
}

/**
 * Sends signatures over and over. Any number of schedulers of one name may run; each tick has one task id, `<name>:<schedule>@<nominal
 * time>`. With a store in Redis each is sent by one of them; on RabbitMQ alone one of them sends all, and a tick is sent twice, with the same
 * id, if that one is killed before it could note it.
 */
export interface Scheduler extends AsyncDisposable {
  readonly name: string;
  /**
   * Begins to send. Resolves when it knows its schedules.
   * @throws LigatureError `INVALID_OPTION` for cron patterns that can't be read or never come; `INVALID_ARGUMENTS`
   */
  start(): Promise<void>;
  /** Starts, stops on SIGTERM or SIGINT, and then closes the app. */
  run(): Promise<void>;
  /** Sends no more; what is being sent is finished. */
  stop(): Promise<void>;
  /**
   * Adds a schedule, or replaces one that was made so. It is kept where the schedulers of this name run, and starts with its next tick.
   * @param id 1 to 80 letters, digits, `_`, `-` and `.`
   */
  create(id: string, signature: ImmutableSignature<unknown>, options: ScheduleOptions): Promise<void>;
  /** Ticks are left out until `resume()`. */
  pause(id: string): Promise<void>;
  /** From now on; what was left out isn't made up for. */
  resume(id: string): Promise<void>;
  /** Removes a schedule that `create()` made. */
  delete(id: string): Promise<void>;
  list(): Promise<readonly ScheduleStatus[]>;
  /** Sends it now, besides its ticks; also when it is paused. @returns the id of the task */
  runNow(id: string): Promise<string>;
}

/** Schedules by id. */
export type Schedules = Readonly<Record<string, Schedule>>;
