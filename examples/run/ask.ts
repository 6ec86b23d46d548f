import { setTimeout as sleep } from "node:timers/promises";
import { LigatureError, type ErrorCode } from "ligature";

/** How often the catalog is asked, in milliseconds: it tells what it knows, it doesn't call. */
const interval = 100;
/** What nothing new is heard of for so long is given up. */
const patience = 120_000;
/** Errors that say nothing on the task itself: ask again. */
const passing: ReadonlySet<ErrorCode> = new Set(["TIMED_OUT", "EXPIRED", "NOT_SENT", "CONNECTION_LOST", "REFUSED", "UNROUTABLE"]);

export interface Following<T> {
  /** What is known now. */
  readonly question: () => Promise<T | undefined>;
  readonly isOver: (record: T | undefined) => boolean;
  readonly isNews: (before: T | undefined, now: T) => boolean;
  readonly onRecord: (record: T) => void;
  readonly signal: AbortSignal;
}

/** Asks again and again, until it is over. Rejects when it is called off, or nothing new is heard of it for too long. */
export async function followToEnd<T>({ question, isOver, isNews, onRecord, signal }: Following<T>): Promise<void> {
  let last: T | undefined;
  let lastNews = performance.now();
  for (;;) {
    const record = await ask(question);
    if (record !== undefined) {
      if (isNews(last, record)) lastNews = performance.now();
      last = record;
      onRecord(record);
    }
    if (isOver(last)) return;
    if (performance.now() - lastNews > patience) throw new Error(`nothing was heard of it for ${patience / 1000} s`);
    await sleep(interval, undefined, { signal });
  }
}

/** The answer, or undefined when there is none at the moment. */
async function ask<T>(question: () => Promise<T>): Promise<T | undefined> {
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
