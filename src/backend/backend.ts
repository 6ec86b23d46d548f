import type { StoredResult } from "../protocol/index.ts";

/** Where a request's results go. */
export interface ResultAddress {
  /** The request's `reply_to`, if any. */
  readonly replyTo: string | undefined;
  readonly correlationId: string | undefined;
}

/** Ends a watch; later results for the id are dropped by this process. */
export interface Watch {
  close(): void;
}

/**
 * Carries results from workers to callers, in Celery's form. It knows no schemas and no promises: it hands
 * on one {@link StoredResult} after the other, in the order in which the worker stored them.
 */
export interface ResultBackend {
  /** What requests carry as `reply_to`; undefined where results are looked up by id. */
  readonly replyTo: string | undefined;
  /** Gets ready to receive; called before the first request is sent. Idempotent. */
  start(options?: { readonly giveUpAt?: number | undefined }): Promise<void>;
  /** Caller's side: hands on each result of a task from now on. Called before the request is sent. */
  watch(id: string, onResult: (result: StoredResult) => void): Watch;
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
