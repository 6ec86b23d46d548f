import { hostname } from "node:os";
import { milliseconds, type Duration } from "../contract/index.ts";
import { checkKnown, wholeNumber, type OptionPlace } from "../options/index.ts";

export interface WorkerOptions {
  /** How many requests run at a time. @default 16 */
  readonly concurrency?: number;
  /** How many requests the broker hands out ahead; more than `concurrency` helps only tasks of a few milliseconds. @default `concurrency` */
  readonly prefetch?: number;
  /** How long `stop()` waits for running handlers before it aborts their signal; aborted ones go back to the queue. @default "30s" */
  readonly shutdownTimeout?: Duration;
  /** The worker's name in logs, events and remote control. @default `<app>@<host>` */
  readonly name?: string;
  /** How often a handler's progress is sent at most. @default "100ms" */
  readonly progressInterval?: Duration;
  /** How many callbacks one request may carry; more are refused. @default 10000 */
  readonly maxCallbacks?: number;
}

/** Worker options with every default applied. Times are milliseconds. */
export interface CompiledWorkerOptions {
  readonly name: string;
  readonly concurrency: number;
  readonly prefetch: number;
  readonly shutdownTimeout: number;
  readonly progressInterval: number;
  readonly maxCallbacks: number;
}

const known = [
  "concurrency",
  "prefetch",
  "shutdownTimeout",
  "name",
  "progressInterval",
  "maxCallbacks",
] satisfies (keyof WorkerOptions)[];

const place: OptionPlace = { prefix: "worker(): " };

export function compileWorkerOptions(options: WorkerOptions, app: string): CompiledWorkerOptions {
  checkKnown(options, known, "worker()", place);
  const concurrency = wholeNumber(options.concurrency ?? 16, "concurrency", place, 1, 10_000);
  return {
    name: options.name ?? `${app}@${hostname()}`,
    concurrency,
    prefetch: wholeNumber(options.prefetch ?? concurrency, "prefetch", place, 1, 65_535),
    shutdownTimeout: milliseconds(options.shutdownTimeout ?? "30s", "worker(): shutdownTimeout"),
    progressInterval: milliseconds(options.progressInterval ?? "100ms", "worker(): progressInterval"),
    maxCallbacks: wholeNumber(options.maxCallbacks ?? 10_000, "maxCallbacks", place, 0, 100_000),
  };
}
