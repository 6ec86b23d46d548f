import { HandlerLost } from "../request/index.ts";
import type { FromChild, Job, ModuleShape, Outcome, WireThrown } from "./messages.ts";

/** What a job tells while it runs. */
export type Notice = Extract<FromChild, { readonly type: "began" | "progress" | "log" | "sent" }>;

/** How a job is followed and stopped. */
export interface JobControl {
  readonly onNotice: (notice: Notice) => void;
  /** Calls back when the handler is to be told to stop. */
  readonly onAbort: (tell: (reason: WireThrown) => void) => void;
  /** Aborted when it has to be ended at once. */
  readonly kill: AbortSignal;
}

/** Children that run one job each. */
export interface Pool {
  /** @throws Error when the module can't be loaded */
  open(): Promise<ModuleShape>;
  /**
   * Waits for a free child, and for one that has loaded the module, as long as it takes.
   * @throws HandlerLost once nothing of the job runs any more: its child has ended
   */
  run(job: Job, control: JobControl): Promise<Outcome>;
  /** Ends the children. */
  close(): Promise<void>;
}

export interface PoolSettings {
  /** How many children. */
  readonly size: number;
  /** After so many tasks a child is replaced. */
  readonly maxTasks: number;
  /** Bytes; undefined without a limit. */
  readonly maxMemory: number | undefined;
}

/** Milliseconds between two tries to load the module, which is broken. */
export function loadingPause(failures: number): number {
  return Math.min(100 * 2 ** Math.min(failures, 10), 15_000);
}

/** So many children may end before a job begins in one. */
const mostTries = 3;

/** Tries another child when one ended before the handler was called: that wasn't the job's fault. */
export async function untilBegun(control: JobControl, attempt: (control: JobControl) => Promise<Outcome>): Promise<Outcome> {
  for (let tries = 1; ; tries += 1) {
    let began = false;
    const onNotice = (notice: Notice): void => {
      began ||= notice.type === "began";
      control.onNotice(notice);
    };
    try {
      return await attempt({ ...control, onNotice });
    } catch (error) {
      if (began || tries >= mostTries || control.kill.aborted || !(error instanceof HandlerLost)) throw error;
    }
  }
}
