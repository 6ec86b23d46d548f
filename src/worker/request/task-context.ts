import type { Duration } from "../../contract/index.ts";
import type { Logger } from "../../logging/index.ts";

/** Why an error callback was called. */
export interface Failure {
  /** The request that failed. */
  readonly request: { readonly id: string; readonly task: string; readonly args: readonly unknown[]; readonly retries: number };
  /** Its error; `data` is that of a declared error. */
  readonly error: {
    readonly name: string;
    readonly message: string;
    readonly module?: string | undefined;
    readonly data?: unknown;
    readonly stack?: string | undefined;
    /** Of a `ChordError`: the member of the chord's header that failed. */
    readonly member?: FailedMember | undefined;
  };
}

/** Why a chord's body will not run. */
interface FailedMember {
  /** Its place in the header, from 0; undefined where a Celery worker has told of it. */
  readonly index?: number | undefined;
  /** The id of its last task. */
  readonly id: string;
  /** The task that failed. */
  readonly task?: string | undefined;
  /** Its own error, as far as it is known; `data` is that of a declared error. */
  readonly error?:
    | { readonly name: string; readonly message: string; readonly module?: string | undefined; readonly data?: unknown }
    | undefined;
}

export interface RetryOptions {
  /** When to try again. @default the contract's retry policy */
  readonly countdown?: Duration;
  /** How often at most, the first run not counted. @default the contract's `retry.limit`, or 3 */
  readonly limit?: number;
  /** Thrown, and stored as the result, once the limit is reached. */
  readonly cause?: unknown;
}

/** What a handler knows of the request it is running; its last argument. */
export interface TaskContext<in Progress = never> {
  readonly id: string;
  readonly taskName: string;
  /** The first task of the whole workflow. */
  readonly rootId: string;
  /** The task that sent this one, if any. */
  readonly parentId: string | undefined;
  /** How often it was tried before: 0 on the first run. */
  readonly retries: number;
  readonly queue: string;
  /** The broker has delivered this request before, and no worker finished it. */
  readonly redelivered: boolean;
  /** When the caller stops waiting. Calls made in the handler inherit what is left. */
  readonly deadline: Date | undefined;
  /** Aborted when the task is revoked with `terminate`, runs over its soft time limit, or the worker gives up draining. */
  readonly signal: AbortSignal;
  /** Logs with the task's id and name. */
  readonly log: Logger;
  /** Reports to whoever holds the AsyncResult. Never blocks; reports that come too fast are merged into the latest. */
  progress(value: Progress): void;
  /** Throws: the request is sent again, as a new message with the same id. */
  retry(options?: RetryOptions): never;
  /** Only in an error callback: what failed, and how. Absent when a Python worker sent the callback. */
  readonly failure: Failure | undefined;
}
