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
 * Milliseconds of a duration, rounded up to a whole one. In a contract, `path` leads to its place in the source.
 * @throws LigatureError `INVALID_OPTION` (or the given code) when it is no duration, negative or over 180 days.
 */
export function milliseconds(
  duration: Duration,
  what: string,
  code: "INVALID_OPTION" | "INVALID_CONTRACT" = "INVALID_OPTION",
  path?: readonly string[],
): number {
  const ms = typeof duration === "number" ? duration : typeof duration === "string" ? parse(duration) : undefined;
  if (typeof ms !== "number" || !Number.isFinite(ms) || ms < 0 || ms > longestDuration) {
    throw new LigatureError(
      code,
      `${what} must be a duration such as "30s" or "45m" (or milliseconds) between 0 and 180 days, got ${JSON.stringify(duration)}.`,
      path === undefined ? {} : { details: { path } },
    );
  }
  return Math.ceil(ms);
}
