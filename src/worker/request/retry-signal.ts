import type { RetryOptions } from "./task-context.ts";

/** What `ctx.retry()` throws: not a failure, but a wish. A handler that catches it calls the retry off. */
export class RetrySignal extends Error {
  override readonly name = "Retry";
  readonly options: RetryOptions;

  constructor(options: RetryOptions) {
    super("The handler asked to be retried.");
    this.options = options;
  }
}
