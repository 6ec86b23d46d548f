import { LigatureError, type ErrorCode } from "ligature";

/** How often the catalog is asked, in milliseconds. */
export const interval = 100;
/** What nothing new is heard of for so long is given up. */
export const patience = 120_000;
/** Errors that say nothing on the task itself: ask again. */
const passing: ReadonlySet<ErrorCode> = new Set(["TIMED_OUT", "EXPIRED", "NOT_SENT", "CONNECTION_LOST", "REFUSED", "UNROUTABLE"]);

/** The answer, or undefined when there is none at the moment. */
export async function ask<T>(question: () => Promise<T>): Promise<T | undefined> {
  try {
    return await question();
  } catch (error) {
    if (error instanceof LigatureError && passing.has(error.code)) return undefined;
    throw error;
  }
}

/** Why something is no longer followed, for people to read. */
export function problemOf(error: unknown, signal: AbortSignal): string {
  return signal.aborted ? "interrupted" : error instanceof LigatureError ? error.rawMessage : String(error);
}
