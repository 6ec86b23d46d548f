import type { Broker } from "../broker/index.ts";
import type { Logger } from "../logging/index.ts";
import type { ResultOrigin, StoredResult } from "../protocol/index.ts";
import type { ChordBarrier } from "./chord-barrier.ts";

/** What every backend is opened with. */
export interface BackendOptions {
  /** The app's name; part of the reply queue's. */
  readonly name: string;
  /** Carries the results of `rpc://`; whoever opened it closes it, after the backend. */
  readonly broker: Broker;
  readonly log: Logger;
  /** Milliseconds that a result nobody fetched is kept, and a reply queue without owner survives. */
  readonly resultExpires: number;
  /** Milliseconds that a chord in which nothing happens is remembered. @default `resultExpires` */
  readonly chordExpires?: number;
}

/** Where a request's results go. */
export interface ResultAddress {
  /** The request's `reply_to`, if any. */
  readonly replyTo: string | undefined;
  readonly correlationId: string | undefined;
  /** The group that the request is a member of, and the task that sent it: kept with results that are looked up. */
  readonly groupId?: string | undefined;
  readonly parentId?: string | undefined;
}

/** Ends a watch; later results for the id are dropped by this process. */
export interface Watch {
  close(): void;
  /**
   * Settled when what was known of the task before the watch began has been handed on; rejected when that can't be learnt
   * in time, which doesn't end the watch. Absent where nothing can have been known.
   */
  readonly caughtUp?: Promise<void> | undefined;
}

/** Who watches a result: a function, or, where there are very many, an object, which needs none of its own. */
export type ResultListener = ((result: StoredResult) => void) | { onResult(result: StoredResult): void };

/**
 * Carries results from workers to callers, in Celery's form. It knows no schemas and no promises: it hands
 * on one {@link StoredResult} after the other, in the order in which the worker stored them.
 */
export interface ResultBackend {
  /** What requests carry as `reply_to`; undefined where results are looked up by id. */
  readonly replyTo: string | undefined;
  /** Joins the results of chords. */
  readonly chords: ChordBarrier;
  /** Gets ready to receive; called before the first request is sent. Idempotent. */
  start(options?: { readonly giveUpAt?: number | undefined }): Promise<void>;
  /**
   * Caller's side: hands on each result of a task from now on. Called before the request is sent, or to attach to a task
   * that was sent by whomever; then the latest that is known of it is handed on as well.
   * @param from what `keep` returned, where it was sent by another process on a backend that has `keep`
   */
  watch(id: string, listener: ResultListener, from?: ResultOrigin): Watch;
  /**
   * Caller's side: from now on the latest result of a task that was sent with our `replyTo` can be watched by other processes,
   * also when this one has gone: from when this resolves. Absent where all results can be looked up by id.
   * @param latest what has come before the call, if anything
   * @throws LigatureError `NOT_SENT` and the like when the broker is out of reach: then nothing is kept; `CLOSED`
   */
  keep?(id: string, latest: StoredResult | undefined): Promise<ResultOrigin>;
  /** Worker's side: resolves when the result is safe. A caller that no longer exists is no error. */
  store(result: StoredResult, to: ResultAddress): Promise<void>;
  /**
   * Keeps which tasks a group consists of, for whoever knows only the group's id. Absent where results can't be looked up.
   * @param members Celery's result tuples: `[[id, null], null]` of a task, `[[id, null], [tuples]]` of a group
   */
  saveGroup?(id: string, members: readonly unknown[]): Promise<void>;
  /** The result tuples of a group's members; undefined when it was never saved, or is forgotten. */
  restoreGroup?(id: string): Promise<readonly unknown[] | undefined>;
  /** Deletes what is kept of a task or a group of that id; one that isn't there is no error. Absent where nothing is kept. */
  forget?(id: string): Promise<void>;
  close(): Promise<void>;
}
