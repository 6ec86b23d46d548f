import { milliseconds } from "../../contract/index.ts";
import type { LigatureError } from "../../errors/index.ts";
import type { Logger } from "../../logging/index.ts";
import { checkKnown, optionsObject, wholeNumber, type OptionPlace } from "../../options/index.ts";
import { receivedFailure, type Failure, type TaskMessage, type WireFailure } from "../../protocol/index.ts";
import type { RetryOptions, TaskContext } from "./task-context.ts";

/** What `ctx.retry()` throws: not a failure, but a wish. A handler that catches it calls the retry off. */
export class RetrySignal extends Error {
  override readonly name = "Retry";
  readonly options: CompiledRetryOptions;

  constructor(options: CompiledRetryOptions) {
    super("The handler asked to be retried.");
    this.options = options;
  }
}

/** Checked; the countdown is milliseconds. */
interface CompiledRetryOptions {
  readonly countdown: number | undefined;
  readonly limit: number | undefined;
  readonly cause: unknown;
}

const retryOptions = ["countdown", "limit", "cause"] satisfies (keyof RetryOptions)[];
const retryPlace: OptionPlace = { prefix: "ctx.retry(): " };

/** @throws LigatureError `INVALID_OPTION` */
function compileRetryOptions(options: RetryOptions): CompiledRetryOptions {
  optionsObject(options, "ctx.retry() needs an object of options.");
  checkKnown(options, retryOptions, "ctx.retry()", retryPlace);
  const { countdown, limit, cause } = options;
  return {
    countdown: countdown === undefined ? undefined : milliseconds(countdown, "ctx.retry(): countdown"),
    limit: limit === undefined ? undefined : wholeNumber(limit, "limit", retryPlace, 0),
    cause,
  };
}

export interface ContextSource {
  readonly message: Pick<TaskMessage, "id" | "task" | "rootId" | "parentId" | "retries" | "deadline"> & {
    readonly embed: { readonly ligature?: { readonly failure?: WireFailure | undefined } | undefined };
  };
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
  #misuse: LigatureError | undefined;
  #misusedWith: unknown;

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
    let compiled: CompiledRetryOptions;
    try {
      compiled = compileRetryOptions(options);
    } catch (error) {
      this.#misuse = error as LigatureError;
      this.#misusedWith = options;
      throw error;
    }
    throw new RetrySignal(compiled);
  };

  /** What a method of this context has thrown since it was called wrongly; the latest. */
  get misuse(): LigatureError | undefined {
    return this.#misuse;
  }

  /** What that method was called with. */
  get misusedWith(): unknown {
    return this.#misusedWith;
  }

  /** Around the handler something was called wrongly: it would be again. */
  misused(error: LigatureError): void {
    this.#misuse = error;
  }

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
