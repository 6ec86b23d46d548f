import type { TaskState } from "./states.ts";

/** Celery's JSON form of an exception, with one key of our own for a declared error's data. */
export interface WireException {
  readonly exc_type: string;
  readonly exc_message: readonly unknown[];
  readonly exc_module: string;
  /** Ours; Python ignores it. */
  readonly ligature?: {
    /** A Ligature error's code, with its message and (in `data`) its details. Without a code it is a declared error. */
    readonly code?: string;
    readonly message?: string;
    /** A declared error's data, as plain JSON; `meta` has superjson's annotations. */
    readonly data?: unknown;
    readonly meta?: unknown;
    /** Of a chord's body: the member of its header that failed, and its exception. */
    readonly member?: {
      readonly index?: number | undefined;
      readonly id: string;
      readonly task?: string | undefined;
      readonly error?: WireException | undefined;
    };
  };
}

/** Celery's JSON form of a result. Every state is a message of its own on a reply queue. */
export interface StoredResult {
  readonly task_id: string;
  readonly status: TaskState;
  /** The value; a {@link WireException} for FAILURE, RETRY and REVOKED; the report for PROGRESS. */
  readonly result: unknown;
  readonly traceback: string | null;
  readonly children: readonly unknown[];
  readonly date_done?: string;
  /** Ours. */
  readonly ligature?: {
    /**
     * Of the contract whose schema a worker of Ligature parsed `result` with; empty for a task that no contract declares.
     * What `meta` doesn't annotate is then what it looks like.
     */
    readonly fingerprint?: string;
    /** superjson's annotations of `result`. */
    readonly meta?: unknown;
  };
}
