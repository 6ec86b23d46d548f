import { milliseconds } from "../contract/index.ts";
import { LigatureError } from "../errors/index.ts";
import { currentRequest } from "../outgoing/index.ts";
import type { WaitOptions } from "./async-result.ts";

/**
 * Until when to wait, in epoch milliseconds: for `timeout`, or, within a handler, until the deadline of its request if that is
 * sooner. Nobody wants its answer after that, and the slot that it holds may be the one that the awaited task needs.
 * @throws LigatureError `INVALID_OPTION`
 */
export function endOfWait(options: WaitOptions): number {
  if (typeof options !== "object" || options === null) {
    throw new LigatureError(
      "INVALID_OPTION",
      `Waiting for a result takes options such as { timeout: "45m" }, got ${String(options)}.`,
    );
  }
  const { timeout } = options;
  const own = timeout === undefined ? Number.POSITIVE_INFINITY : Date.now() + milliseconds(timeout, "timeout");
  return Math.min(own, currentRequest()?.deadline ?? own);
}
