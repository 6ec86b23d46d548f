import type { Duration } from "../../contract/index.ts";
import type { Logger } from "../../logging/index.ts";
import type { Failure } from "../../protocol/result/received-failure.ts";

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
  /**
   * Throws: the request is sent again, as a new message with the same id; not if it would expire before it could run.
   * @throws LigatureError `INVALID_OPTION` for an option that is wrong. The task has failed then, and isn't tried again.
   */
  retry(options?: RetryOptions): never;
  /** Only in an error callback: what failed, and how. Absent when a Python worker sent the callback. */
  readonly failure: Failure | undefined;
}
