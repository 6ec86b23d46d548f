import type { Packed } from "../values/index.ts";

/** Celery's states. `PENDING` means nothing is known yet; `PROGRESS` is the custom state by convention. */
export type TaskState = "PENDING" | "RECEIVED" | "STARTED" | "PROGRESS" | "RETRY" | "SUCCESS" | "FAILURE" | "REVOKED";

const finalStates: ReadonlySet<string> = new Set(["SUCCESS", "FAILURE", "REVOKED"]);

export function isFinal(state: string): boolean {
  return finalStates.has(state);
}

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
    /** When a request expired that had run before, and was to be tried again. */
    readonly expired?: string;
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

/** What a result says besides its state and its value. */
export interface ResultDetails {
  readonly traceback?: string | null;
  readonly children?: readonly unknown[];
  /** Of the contract whose schema the value was parsed with. */
  readonly fingerprint?: string | undefined;
}

export function storedResult(id: string, status: TaskState, value: Packed, more: ResultDetails = {}): StoredResult {
  const { fingerprint } = more;
  return {
    task_id: id,
    status,
    result: value.json ?? null,
    traceback: more.traceback ?? null,
    children: more.children ?? [],
    ...((value.meta !== undefined || fingerprint !== undefined) && {
      ligature: { ...(fingerprint !== undefined && { fingerprint }), ...(value.meta !== undefined && { meta: value.meta }) },
    }),
  };
}

/** The value, report or exception in a result. */
export function packedResult({ result, ligature }: StoredResult): Packed {
  return { json: result, ...(ligature?.meta !== undefined && { meta: ligature.meta }) };
}

/** Where a backend that sends results to their caller finds one that another process is, or was, the caller of. */
export interface ResultOrigin {
  /** The caller's reply queue. */
  readonly replyTo: string;
  /** Milliseconds that the result is kept while nobody looks. */
  readonly expires: number;
}
