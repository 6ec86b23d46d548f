import { LigatureError } from "../errors/index.ts";
import { milliseconds, type Duration } from "./duration.ts";

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

export function compileRetryPolicy(policy: RetryPolicy | undefined, what: string): CompiledRetryPolicy | undefined {
  if (policy === undefined) return undefined;
  const limit = policy.limit ?? 3;
  if (!Number.isInteger(limit) || limit < 0 || limit > 1000) {
    throw new LigatureError("INVALID_CONTRACT", `${what}.limit must be a whole number from 0 to 1000, got ${String(limit)}.`);
  }
  const backoff = policy.backoff ?? "exponential";
  if (backoff !== "exponential" && backoff !== "fixed") {
    throw new LigatureError(
      "INVALID_CONTRACT",
      `${what}.backoff must be "exponential" or "fixed", got ${JSON.stringify(backoff)}.`,
    );
  }
  return {
    limit,
    backoff,
    delay: milliseconds(policy.delay ?? "1s", `${what}.delay`, "INVALID_CONTRACT"),
    maxDelay: milliseconds(policy.maxDelay ?? "10m", `${what}.maxDelay`, "INVALID_CONTRACT"),
    jitter: policy.jitter ?? true,
    on: policy.on ?? [],
  };
}

/** Milliseconds to wait before retry number `retries` (0 for the first). `random` is in [0, 1). */
export function retryDelay(policy: CompiledRetryPolicy, retries: number, random: () => number = Math.random): number {
  const grown = policy.backoff === "fixed" ? policy.delay : policy.delay * 2 ** Math.min(retries, 40);
  const capped = Math.min(grown, policy.maxDelay);
  return Math.round(policy.jitter ? capped * (0.5 + random() / 2) : capped);
}
