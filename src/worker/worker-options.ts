import { hostname } from "node:os";
import { milliseconds } from "../contract/index.ts";
import { checkKnown, wholeNumber, type OptionPlace } from "../options/index.ts";
import type { WorkerOptions } from "./worker.ts";

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
