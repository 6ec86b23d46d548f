import type { TaskContext } from "./task-context.ts";

/** Implements a task: its arguments, validated and with defaults applied, then the context. */
export type HandlerFunction<Args extends readonly unknown[], Result, Progress = never> = (
  ...args: [...Args, ctx: TaskContext<Progress>]
) => Result | Promise<Result>;

/** What the local hooks learn of a request. */
export interface HandlerRequest<Args extends readonly unknown[]> {
  readonly id: string;
  readonly taskName: string;
  readonly args: Args;
  readonly retries: number;
}

/** A handler with local hooks, called in the worker's own process after the outcome is stored. A hook that throws is logged. */
export interface HandlerObject<Args extends readonly unknown[], Result, Progress = never> {
  readonly run: HandlerFunction<Args, Result, Progress>;
  readonly onSuccess?: (request: HandlerRequest<Args>, result: Result) => void | Promise<void>;
  /** The local error handler: what Celery's single-worker `link_error` does. */
  readonly onFailure?: (request: HandlerRequest<Args>, error: unknown) => void | Promise<void>;
  readonly onRetry?: (request: HandlerRequest<Args>, error: unknown) => void | Promise<void>;
}

export type Handler<Args extends readonly unknown[], Result, Progress = never> =
  | HandlerFunction<Args, Result, Progress>
  | HandlerObject<Args, Result, Progress>;
