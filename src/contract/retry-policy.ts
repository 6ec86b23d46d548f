import { checkKnown, flag, oneOf, wholeNumber, type OptionPlace } from "../options/index.ts";
import { milliseconds, type Duration } from "./duration.ts";
import { refuse } from "./names.ts";

/** When a handler's undeclared error is tried again. */
export interface RetryPolicy {
  /** How many times after the first run. @default 3 */
  readonly limit?: number;
  /** `exponential` doubles the delay each time; `fixed` keeps it. @default "exponential" */
  readonly backoff?: "exponential" | "fixed";
  /** The first delay. @default "1s" */
  readonly delay?: Duration;
  /** No delay is longer than this. @default "10m" */
  readonly maxDelay?: Duration;
  /** Spreads delays over the upper half of their span, so that failures don't return in step. @default true */
  readonly jitter?: boolean;
  /** Names of declared errors that are retried too; by default a declared error is an answer. @default [] */
  readonly on?: readonly string[];
}

export interface CompiledRetryPolicy {
  readonly limit: number;
  readonly backoff: "exponential" | "fixed";
  readonly delay: number;
  readonly maxDelay: number;
  readonly jitter: boolean;
  readonly on: readonly string[];
}

const knownOptions = ["limit", "backoff", "delay", "maxDelay", "jitter", "on"] satisfies (keyof RetryPolicy)[];

/** @param errors the task's declared errors, which `on` may name */
export function compileRetryPolicy(
  policy: RetryPolicy | undefined,
  errors: ReadonlyMap<string, unknown>,
  what: string,
  path: readonly string[],
): CompiledRetryPolicy | undefined {
  if (policy === undefined) return undefined;
  if (typeof policy !== "object" || policy === null) {
    refuse(path, `${what} must be an object: { limit: 3, backoff: "exponential" }, got ${JSON.stringify(policy)}.`);
  }
  checkKnown(policy, knownOptions, what, { prefix: "", path });
  const { limit = 3, backoff = "exponential", jitter = true, on = [] } = policy;
  const place: OptionPlace = { prefix: `${what}.`, path };
  wholeNumber(limit, "limit", place, 0, 1000);
  oneOf(backoff, "backoff", place, ["exponential", "fixed"]);
  flag(jitter, "jitter", place);
  const delay = milliseconds(policy.delay ?? "1s", `${what}.delay`, { path: [...path, "delay"] });
  const maxDelay = milliseconds(policy.maxDelay ?? "10m", `${what}.maxDelay`, { path: [...path, "maxDelay"] });
  if (delay > maxDelay)
    refuse([...path, "delay"], `${what}.delay must not be longer than maxDelay (${policy.maxDelay ?? "10m"}).`);
  if (!Array.isArray(on)) refuse([...path, "on"], `${what}.on must be a list of names of declared errors.`);
  for (const name of on as readonly string[]) {
    if (!errors.has(name)) {
      refuse([...path, "on"], `${what}.on names ${JSON.stringify(name)}, which the task doesn't declare in errors.`);
    }
  }
  return { limit, backoff, delay, maxDelay, jitter, on: Object.freeze([...on]) };
}

/** Milliseconds to wait before retry number `retries` (0 for the first). `random` is in [0, 1). */
export function retryDelay(policy: CompiledRetryPolicy, retries: number, random: () => number = Math.random): number {
  const grown = policy.backoff === "fixed" ? policy.delay : policy.delay * 2 ** Math.min(retries, 40);
  const capped = Math.min(grown, policy.maxDelay);
  return Math.round(policy.jitter ? capped * (0.5 + random() / 2) : capped);
}
