import { availableParallelism, hostname } from "node:os";
import { milliseconds, type Duration } from "../contract/index.ts";
import { checkKnown, functions, oneOf, optionsObject, refuseOption, wholeNumber, type OptionPlace } from "../options/index.ts";
import type { RunInterceptor } from "./request/run-interceptor.ts";
import type { RetryOverride } from "./task-overrides.ts";

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
  /** What runs around each run of a handler, inside of the app's; the first is the outermost. @default none */
  readonly interceptors?: { readonly run?: readonly RunInterceptor[] };
  /** How tasks are retried, by their keys, in place of what the contract says; `false`: never. @default the contract's */
  readonly retry?: Readonly<Record<string, RetryOverride | false>>;
}

/** Of a worker whose handlers are a module, and run in children of its own: threads or processes, one request in each at a time. */
export interface PoolOptions extends WorkerOptions {
  /**
   * Where handlers run. `thread`: cheap, for speed; needs the package piscina. `process`: for safety, since only a process can always
   * be ended, and has memory of its own.
   */
  readonly execution: "thread" | "process";
  /** How many requests run at a time, and so how many children there are. @default as many as the machine has processors for */
  readonly concurrency?: number;
  /** After so many requests a child is replaced. @default never */
  readonly maxTasksPerChild?: number;
  /**
   * Bytes. Of a process all that it holds: at this it is killed, and at four fifths it is replaced after its request. Of a thread
   * its heap only, and not reliably. @default no limit of a process, Node's own of a thread
   */
  readonly maxMemoryPerChild?: number;
}

/** Worker options with every default applied. Times are milliseconds. */
export interface CompiledWorkerOptions {
  readonly name: string;
  readonly concurrency: number;
  readonly prefetch: number;
  readonly shutdownTimeout: number;
  readonly progressInterval: number;
  readonly maxCallbacks: number;
  readonly interceptors: readonly RunInterceptor[] | undefined;
  /** Checked when the worker is made: see task-overrides.ts. */
  readonly retry: WorkerOptions["retry"];
  /** Undefined where handlers run in the worker itself. */
  readonly pool: CompiledPoolOptions | undefined;
}

interface CompiledPoolOptions {
  readonly execution: "thread" | "process";
  readonly module: URL;
  readonly size: number;
  readonly maxTasks: number;
  /** Bytes. */
  readonly maxMemory: number | undefined;
}

const known = [
  "concurrency",
  "prefetch",
  "shutdownTimeout",
  "name",
  "progressInterval",
  "maxCallbacks",
  "interceptors",
  "retry",
] satisfies (keyof WorkerOptions)[];

const knownToPools = ["execution", "maxTasksPerChild", "maxMemoryPerChild"] satisfies (keyof PoolOptions)[];

const place: OptionPlace = { prefix: "worker(): " };

/** Bytes. Node itself takes about 50 MiB of a process, and a few of a thread's heap. */
const leastMemory = { process: 96 * 1024 * 1024, thread: 16 * 1024 * 1024 };

/** @param handlers as they were given: an object, or the URL of a module */
export function compileWorkerOptions(
  options: WorkerOptions | PoolOptions,
  app: string,
  handlers: unknown,
): CompiledWorkerOptions {
  const inPool = handlers instanceof URL || "execution" in options;
  if (!inPool) for (const option of knownToPools) if (option in options) refusePoolOption(option);
  checkKnown(options, inPool ? [...known, ...knownToPools] : known, "worker()", place);
  const defaultConcurrency = inPool ? availableParallelism() : 16;
  const concurrency = wholeNumber(options.concurrency ?? defaultConcurrency, "concurrency", place, 1, 10_000);
  return {
    name: options.name ?? `${app}@${hostname()}`,
    concurrency,
    prefetch: wholeNumber(options.prefetch ?? concurrency, "prefetch", place, 1, 65_535),
    shutdownTimeout: milliseconds(options.shutdownTimeout ?? "30s", "worker(): shutdownTimeout"),
    progressInterval: milliseconds(options.progressInterval ?? "100ms", "worker(): progressInterval"),
    maxCallbacks: wholeNumber(options.maxCallbacks ?? 10_000, "maxCallbacks", place, 0, 100_000),
    interceptors: interceptorsOf(options.interceptors),
    retry: options.retry,
    pool: inPool ? compilePoolOptions(options, concurrency, handlers) : undefined,
  };
}

function refusePoolOption(option: string): never {
  refuseOption(place, option, `worker(): ${option} needs handlers in a module, and execution: "thread" or "process".`);
}

function compilePoolOptions(options: Partial<PoolOptions>, size: number, handlers: unknown): CompiledPoolOptions {
  const { maxTasksPerChild, maxMemoryPerChild } = options;
  if (options.execution === undefined) {
    refuseOption(
      place,
      "execution",
      'worker(): the handlers are a module, which runs in threads or processes: say execution: "thread" or "process".',
    );
  }
  const execution = oneOf(options.execution, "execution", place, ["thread", "process"]);
  if (!(handlers instanceof URL)) {
    refuseOption(
      place,
      "execution",
      `worker(): execution: "${execution}" needs a module, since functions can't be handed to a ${execution}. Export the handlers by default, and give new URL("./handlers.js", import.meta.url).`,
    );
  }
  return {
    execution,
    module: handlers,
    size,
    maxTasks:
      maxTasksPerChild === undefined ? Number.POSITIVE_INFINITY : wholeNumber(maxTasksPerChild, "maxTasksPerChild", place, 1),
    maxMemory:
      maxMemoryPerChild === undefined
        ? undefined
        : wholeNumber(maxMemoryPerChild, "maxMemoryPerChild", place, leastMemory[execution]),
  };
}

const interceptorsPlace: OptionPlace = { prefix: "worker(): interceptors." };

function interceptorsOf(given: WorkerOptions["interceptors"]): readonly RunInterceptor[] | undefined {
  if (given === undefined) return undefined;
  optionsObject(given, "worker(): interceptors must be an object: { run: […] }.");
  checkKnown(given, ["run"], "worker(): interceptors", interceptorsPlace);
  return functions(given.run, "run", interceptorsPlace) as readonly RunInterceptor[] | undefined;
}
