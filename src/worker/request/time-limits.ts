import { LigatureError } from "../../errors/index.ts";
import { after, type Timer } from "../../timing/index.ts";

export interface TimeLimits {
  /** Milliseconds after which `ctx.signal` is aborted. */
  readonly soft: number | undefined;
  /** Milliseconds after which the handler is given up on. */
  readonly hard: number | undefined;
}

/**
 * Runs a handler within its limits. JavaScript can't kill a running function: past the hard limit its
 * promise is abandoned, so a handler should honour `ctx.signal`.
 * @throws LigatureError `TIME_LIMIT` past the hard limit
 */
export async function withTimeLimits<T>(
  limits: TimeLimits,
  taskName: string,
  abort: (reason: LigatureError) => void,
  run: () => Promise<T>,
): Promise<T> {
  const { soft, hard } = limits;
  if (soft === undefined && hard === undefined) return run();
  const timers: Timer[] = [];
  if (soft !== undefined) timers.push(after(soft, () => abort(overran(taskName, "soft", soft))));
  try {
    if (hard === undefined) return await run();
    const overrun = new Promise<never>((_resolve, reject) => {
      timers.push(
        after(hard, () => {
          const error = overran(taskName, "hard", hard);
          abort(error);
          reject(error);
        }),
      );
    });
    return await Promise.race([run(), overrun]);
  } finally {
    for (const timer of timers) timer.cancel();
  }
}

function overran(taskName: string, kind: "soft" | "hard", ms: number): LigatureError {
  return new LigatureError("TIME_LIMIT", `${taskName} ran past its ${kind} time limit of ${ms / 1000} s.`, {
    details: { kind, seconds: ms / 1000 },
  });
}
