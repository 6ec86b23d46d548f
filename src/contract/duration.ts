import { parse } from "@lukeed/ms";
import { LigatureError } from "../errors/index.ts";

/** By way of a property, so that the compiler shows the forms, in place of a name, to whoever writes another one. */
interface Forms {
  readonly duration: number | `${number}${"ms" | "s" | "m" | "h" | "d"}`;
}

/** A span of time: `"250ms"`, `"30s"`, `"45m"`, `"2h"`, `"7d"`; a bare number is milliseconds. */
export type Duration = Forms["duration"];

/** Milliseconds. The longest span that is accepted anywhere, and that a broker delays a message by: 180 days. */
export const longestDuration: number = 180 * 24 * 3600 * 1000;

/**
 * Milliseconds of a duration, rounded up to a whole one.
 * @param limits.least milliseconds; less would have no effect, or none that anybody can mean @default 0
 * @param limits.path of a contract's option: leads to its place in the source
 * @throws LigatureError `INVALID_OPTION`, in a contract `INVALID_CONTRACT`, when it is no duration, too short or over 180 days.
 */
export function milliseconds(
  duration: Duration,
  what: string,
  { least = 0, path }: { readonly least?: number; readonly path?: readonly string[] } = {},
): number {
  const ms = typeof duration === "number" ? duration : typeof duration === "string" ? parsed(duration) : undefined;
  if (typeof ms !== "number" || !Number.isFinite(ms) || ms < least || ms > longestDuration) {
    throw new LigatureError(
      path === undefined ? "INVALID_OPTION" : "INVALID_CONTRACT",
      `${what} must be a duration such as "30s" or "45m" (or milliseconds) between ${least === 0 ? "0" : spanOf(least)} and 180 days, got ${typeof duration === "number" ? String(duration) : JSON.stringify(duration)}.`,
      path === undefined ? {} : { details: { path } },
    );
  }
  return Math.ceil(ms);
}

/** n.b. @lukeed/ms 2.0.2 takes no zeros. */
function parsed(duration: string): number | undefined {
  return /^0(ms|[smhd])$/.test(duration) ? 0 : parse(duration);
}

function spanOf(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000} s` : `${ms} ms`;
}
