import { LigatureError } from "../../errors/index.ts";
import { after, deferred, type Timer } from "../../timing/index.ts";

export interface TimeLimits {
  /** Milliseconds after which `ctx.signal` is aborted. */
  readonly soft: number | undefined;
  /** Milliseconds after which the handler is given up on. */
  readonly hard: number | undefined;
}

/** How a handler is stopped. */
export interface Stops {
  /** Tells it. */
  readonly abort: (reason: LigatureError) => void;
  /** Ends it, wherever it is; then its promise settles. Without this, all that can be done is not to wait for it any longer. */
  readonly kill?: (() => void) | undefined;
}

/**
 * Runs a handler within its limits. JavaScript can't kill a running function: past the hard limit its promise is abandoned, so
 * a handler should honour `ctx.signal`. One that runs in a thread or process of its own is killed, and awaited.
 * @param run is given what it calls when the handler begins, if that can be killed: it may have to wait for its place
 * @throws LigatureError `TIME_LIMIT` past the hard limit
 */
export function withTimeLimits<T>(
  limits: TimeLimits,
  taskName: string,
  stops: Stops,
  run: (began: () => void) => Promise<T>,
): Promise<T> {
  if (limits.soft === undefined && limits.hard === undefined) return run(ignore);
  return limited(limits, taskName, stops, run);
}

const ignore = (): void => {};

async function limited<T>(
  { soft, hard }: TimeLimits,
  taskName: string,
  { abort, kill }: Stops,
  run: (began: () => void) => Promise<T>,
): Promise<T> {
  const timers: Timer[] = [];
  const overrun = deferred<never>();
  let exceeded: LigatureError | undefined;
  const exceed = (ms: number): void => {
    exceeded = overran(taskName, "hard", ms);
    abort(exceeded);
    if (kill === undefined) overrun.reject(exceeded);
    else kill();
  };
  const began = (): void => {
    if (timers.length > 0) return;
    if (soft !== undefined) timers.push(after(soft, () => abort(overran(taskName, "soft", soft))));
    if (hard !== undefined) timers.push(after(hard, () => exceed(hard)));
  };
  try {
    if (kill === undefined) {
      began();
      return await (hard === undefined ? run(began) : Promise.race([run(began), overrun.promise]));
    }
    return await run(began);
  } catch (error) {
    throw exceeded ?? error;
  } finally {
    for (const timer of timers) timer.cancel();
  }
}

function overran(taskName: string, kind: "soft" | "hard", ms: number): LigatureError {
  return new LigatureError("TIME_LIMIT", `${taskName} ran past its ${kind} time limit of ${ms / 1000} s.`, {
    details: { kind, seconds: ms / 1000 },
  });
}
