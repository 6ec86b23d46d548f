import type { Logger } from "../../logging/index.ts";
import type { Telemetry } from "../../telemetry/index.ts";

/** What a worker has done since it started. */
export interface WorkerStatistics {
  /** Requests that ended, by how. `refused` ones were dead-lettered without running. */
  readonly succeeded: number;
  readonly failed: number;
  readonly retried: number;
  readonly revoked: number;
  readonly refused: number;
  /** Requests that run now. */
  readonly running: number;
  /** Requests whose sender holds another version of a task's contract, by task and the sender's fingerprint. */
  readonly foreignVersions: readonly { readonly task: string; readonly fingerprint: string; readonly requests: number }[];
}

/** What is counted: requests that ended, by how. */
type Counter = Exclude<keyof WorkerStatistics, "running" | "foreignVersions">;

/** A sender can forge any number of fingerprints; beyond this many only their number is kept. */
const mostVersions = 1000;

/** Counts. A foreign version is logged when it is first met: most changes of a contract are harmless, but never secret. */
export class Statistics {
  readonly #counts: Record<Counter, number> = { succeeded: 0, failed: 0, retried: 0, revoked: 0, refused: 0 };
  readonly #versions = new Map<string, { readonly task: string; readonly fingerprint: string; requests: number }>();
  readonly #log: Logger;
  readonly #telemetry: readonly Telemetry[] | undefined;

  constructor(log: Logger, telemetry?: readonly Telemetry[]) {
    this.#log = log;
    this.#telemetry = telemetry;
  }

  count(how: Counter): void {
    this.#counts[how] += 1;
    this.#telemetry?.forEach((each) => each.ended?.(how));
  }

  /** @param sent the request's fingerprint, if it has one  @param own this worker's */
  meet(task: string, sent: string | undefined, own: string): void {
    if (sent === undefined || sent === own) return;
    this.#telemetry?.forEach((each) => each.foreignVersion?.(task));
    const key = this.#versions.size < mostVersions ? `${task} ${sent}` : task;
    const version = this.#versions.get(key);
    if (version !== undefined) {
      version.requests += 1;
      return;
    }
    this.#versions.set(key, { task, fingerprint: sent, requests: 1 });
    this.#log.warn(
      { task, sender: sent, worker: own },
      "a sender holds another version of this task's contract; its requests run as long as their arguments fit",
    );
  }

  read(running: number): WorkerStatistics {
    return { ...this.#counts, running, foreignVersions: [...this.#versions.values()].map((version) => ({ ...version })) };
  }
}
