import { milliseconds, type CompiledRetryPolicy, type Duration } from "../contract/index.ts";
import { flag, checkKnown, oneOf, optionsObject, refuseOption, wholeNumber, type OptionPlace } from "../options/index.ts";
import type { ContractRef } from "../signature/index.ts";

/** An error's class, or its name: that of a declared error, or of one that was thrown in a child of a pool. */
export type ErrorFilter = string | (abstract new (...args: never[]) => Error);

/** How a worker retries a task, in place of what its contract says; what is left out is as there. */
export interface RetryOverride {
  /** How many times after the first run. @default the contract's, else 3 */
  readonly limit?: number;
  /** @default the contract's, else "exponential" */
  readonly backoff?: "exponential" | "fixed";
  /** The first delay. @default the contract's, else "1s" */
  readonly delay?: Duration;
  /** No delay is longer than this. @default the contract's, else "10m" */
  readonly maxDelay?: Duration;
  /** @default the contract's, else true */
  readonly jitter?: boolean;
  /** Only these errors are retried; of declared errors, these too. @default all but declared ones, and those that the contract names */
  readonly only?: readonly ErrorFilter[];
  /** These errors never are. @default none */
  readonly never?: readonly ErrorFilter[];
}

export interface CompiledRetry extends CompiledRetryPolicy {
  readonly only: readonly ErrorFilter[] | undefined;
  readonly never: readonly ErrorFilter[];
}

/** By wire name. */
export interface TaskOverrides {
  /** Null: never. */
  readonly retry: ReadonlyMap<string, CompiledRetry | null>;
}

/** @throws LigatureError `INVALID_OPTION` */
export function compileOverrides(
  { spec, tasks }: ContractRef,
  { retry = {} }: { readonly retry?: Readonly<Record<string, RetryOverride | false>> | undefined },
): TaskOverrides {
  const named = <T, C>(
    given: Readonly<Record<string, T>>,
    option: string,
    compile: (each: T, key: string) => C,
  ): Map<string, C> => {
    optionsObject(given, `worker(): ${option} must be an object with a task's key for each.`);
    const found = new Map<string, C>();
    for (const [key, each] of Object.entries(given)) {
      const task = tasks.get(key);
      if (task === undefined) {
        refuseOption(
          { prefix: "worker(): " },
          option,
          `worker(): ${option} names "${key}", which is no task of ${spec.name}. Its tasks: ${[...tasks.keys()].join(", ")}.`,
        );
      }
      found.set(task.spec.name, compile(each, key));
    }
    return found;
  };
  return {
    retry: named(retry, "retry", (each, key) => (each === false ? null : compileRetry(each, key, tasks.get(key)?.spec.retry))),
  };
}

function compileRetry(given: RetryOverride, key: string, ofContract: CompiledRetryPolicy | undefined): CompiledRetry {
  const what = `worker(): retry.${key}`;
  optionsObject(given, `${what} must be an object of options, or false.`);
  const place: OptionPlace = { prefix: `${what}.` };
  checkKnown(given, ["limit", "backoff", "delay", "maxDelay", "jitter", "only", "never"], what, place);
  const defaults = ofContract ?? { limit: 3, backoff: "exponential", delay: 1000, maxDelay: 600_000, jitter: true, on: [] };
  const { limit, backoff, jitter, only, never = [] } = given;
  const delay = milliseconds(given.delay ?? defaults.delay, `${what}.delay`);
  const maxDelay = milliseconds(given.maxDelay ?? defaults.maxDelay, `${what}.maxDelay`);
  if (delay > maxDelay) refuseOption(place, "delay", `${what}.delay must not be longer than maxDelay.`);
  for (const [name, filters] of [
    ["only", only ?? []],
    ["never", never],
  ] as const) {
    if (Array.isArray(filters) && filters.every((each) => typeof each === "string" || typeof each === "function")) continue;
    refuseOption(place, name, `${what}.${name} must be a list of error classes, or of their names.`);
  }
  return {
    limit: wholeNumber(limit ?? defaults.limit, "limit", place, 0, 1000),
    backoff: oneOf(backoff ?? defaults.backoff, "backoff", place, ["exponential", "fixed"]),
    jitter: flag(jitter ?? defaults.jitter, "jitter", place),
    delay,
    maxDelay,
    on: defaults.on,
    only,
    never,
  };
}
