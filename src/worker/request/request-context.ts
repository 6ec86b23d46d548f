import type { LigatureError } from "../../errors/index.ts";
import type { Logger } from "../../logging/index.ts";
import { receivedFailure, type Failure, type TaskMessage } from "../../protocol/index.ts";
import type { RetryOptions, TaskContext } from "./task-context.ts";

/** What `ctx.retry()` throws: not a failure, but a wish. A handler that catches it calls the retry off. */
export class RetrySignal extends Error {
  override readonly name = "Retry";
  readonly options: RetryOptions;

  constructor(options: RetryOptions) {
    super("The handler asked to be retried.");
    this.options = options;
  }
}

export interface ContextSource {
  readonly message: TaskMessage;
  readonly queue: string;
  readonly redelivered: boolean;
  readonly log: Logger;
  readonly report: (value: unknown) => void;
}

/** The worker's own side of a {@link TaskContext}: what handlers only read, it can change. */
export class RequestContext implements TaskContext<unknown> {
  readonly id: string;
  readonly taskName: string;
  readonly rootId: string;
  readonly parentId: string | undefined;
  readonly retries: number;
  readonly queue: string;
  readonly redelivered: boolean;
  readonly deadline: Date | undefined;
  readonly failure: Failure | undefined;
  readonly #source: ContextSource;
  #controller: AbortController | undefined;
  #log: Logger | undefined;
  #abortReason: LigatureError | undefined;

  constructor(source: ContextSource) {
    const { message } = source;
    this.id = message.id;
    this.taskName = message.task;
    this.rootId = message.rootId;
    this.parentId = message.parentId;
    this.retries = message.retries;
    this.queue = source.queue;
    this.redelivered = source.redelivered;
    this.deadline = message.deadline === undefined ? undefined : new Date(message.deadline);
    const failure = message.embed.ligature?.failure;
    this.failure = failure === undefined ? undefined : receivedFailure(failure);
    this.#source = source;
  }

  /** Made when first asked for: most handlers never look, and a controller costs more than the rest of the context. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#abortReason !== undefined) this.#controller.abort(this.#abortReason);
    }
    return this.#controller.signal;
  }

  get log(): Logger {
    this.#log ??= this.#source.log.child({ task: this.taskName, id: this.id });
    return this.#log;
  }

  // Arrow functions, so that handlers may take them off the context: `({ progress }) => …`.
  readonly progress = (value: unknown): void => this.#source.report(value);

  readonly retry = (options: RetryOptions = {}): never => {
    throw new RetrySignal(options);
  };

  /** Why the handler was told to stop; the first reason stays. */
  get abortReason(): LigatureError | undefined {
    return this.#abortReason;
  }

  abort(reason: LigatureError): void {
    if (this.#abortReason !== undefined) return;
    this.#abortReason = reason;
    this.#controller?.abort(reason);
  }
}
