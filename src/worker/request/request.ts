import { anything, parseResult } from "../../contract/index.ts";
import { isDeclaredError, LigatureError } from "../../errors/index.ts";
import { errorOfLastRun, packValue, stampsOf, type TaskMessage } from "../../protocol/index.ts";
import { runInHost, runInRequest } from "../../outgoing/index.ts";
import { deferred, inWords, type Deferred } from "../../timing/index.ts";
import { Answers, checkSuccessors, type AnswersEnvironment } from "../answers/index.ts";
import { argumentsOf } from "./arguments.ts";
import { endingOf, expiryOf, ownError, stopped, type Ending, type HandlerLost, type WorkerRetry } from "./ending.ts";
import type { HandlerRequest } from "./handler.ts";
import { ProgressReporter } from "./progress-reporter.ts";
import type { RegisteredTask } from "./registered-task.ts";
import { runOnce } from "./once.ts";
import { RequestContext } from "./request-context.ts";
import { refusalOf } from "./refusal.ts";
import type { RunInterceptor } from "./run-interceptor.ts";
import type { Revoked } from "./revoked.ts";
import type { Statistics } from "./statistics.ts";
import type { Taken } from "./taken.ts";
import { withTimeLimits } from "./time-limits.ts";

/** What all requests of one worker share. */
export interface RequestEnvironment extends AnswersEnvironment {
  /** Milliseconds between two progress reports at least. */
  readonly progressInterval: number;
  /** How many successors a message may carry. */
  readonly maxCallbacks: number;
  /** The worker, which waits for its requests before it stops. */
  readonly host: object;
  readonly revoked: Revoked;
  /** What the worker says of retries, by wire name. */
  readonly retries?: ReadonlyMap<string, WorkerRetry> | undefined;
  readonly statistics: Statistics;
  /** The app's, then the worker's; undefined where there are none. */
  readonly interceptors: readonly RunInterceptor[] | undefined;
}

/**
 * One request's life, from a decoded message of a registered task to its acknowledgement:
 *
 *   refuse (expired, revoked, wrong arguments) ─▶ answer ─▶ settle
 *   run the handler ─▶ success | failure | retry | revoked ─▶ successors and result, confirmed ─▶ ack ─▶ hooks
 *
 * The order is the promise: nothing is acknowledged before everything that the request owes has been
 * confirmed, so a crash at any point repeats work but loses none.
 */
export class Request {
  readonly #registered: RegisteredTask;
  readonly #message: TaskMessage;
  readonly #delivery: Taken;
  readonly #env: RequestEnvironment;
  readonly #answers: Answers;
  readonly #context: RequestContext;
  readonly #progress: ProgressReporter;
  /** Why its handler was lost, where that has to be counted: then the delivery isn't settled. */
  lost: HandlerLost | undefined;
  /** Set once it is acknowledged before it runs, so that the broker doesn't have it any more; rejects when it is given up on. */
  #givenUp: Deferred<never> | undefined;
  /** By the process's clock; undefined until it runs. */
  #startedAt: number | undefined;

  /** @param redelivered the request was delivered before */
  constructor(
    registered: RegisteredTask,
    message: TaskMessage,
    { delivery, redelivered }: { readonly delivery: Taken; readonly redelivered: boolean },
    env: RequestEnvironment,
  ) {
    this.#registered = registered;
    this.#message = message;
    this.#delivery = delivery;
    this.#env = env;
    const { task } = registered;
    this.#answers = new Answers(message, delivery.queue, env, { ignoreResult: message.ignoreResult ?? task.spec.ignoreResult });
    this.#progress = new ProgressReporter(env.progressInterval, (value) => this.#answers.progress(task, value));
    this.#context = new RequestContext({
      message,
      queue: delivery.queue,
      redelivered,
      log: env.log,
      report: (value) => this.#progress.report(value),
    });
  }

  get id(): string {
    return this.#message.id;
  }

  get rootId(): string {
    return this.#message.rootId;
  }

  get stamps(): ReadonlyMap<string, readonly unknown[]> {
    return stampsOf(this.#message);
  }

  /** Tells a running handler to stop; what it does then decides the ending. */
  abort(reason: LigatureError): void {
    this.#context.abort(reason);
  }

  /**
   * The worker doesn't wait for the handler any longer. What the broker still has goes back to the queue by itself; a request
   * that was acknowledged before it ran has failed, and this tells everybody.
   */
  giveUp(): void {
    this.#givenUp?.reject(stopped(this.#message));
  }

  async run(): Promise<void> {
    if (this.#message.once === undefined) return this.#run();
    const [answers, delivery] = [this.#answers, this.#delivery];
    const tools = { answers, delivery, signal: this.#context.signal, log: this.#env.log };
    await runOnce(this.#message, tools, { run: () => this.#run(), reject: (error) => this.reject(error) });
  }

  async #run(): Promise<void> {
    const refusal = this.#refusal(Date.now());
    if (refusal !== undefined && refusal.code === "EXPIRED" && this.#message.retries > 0) return this.#failExpired(refusal);
    if (refusal !== undefined) {
      this.#env.log.warn({ task: this.#message.task, id: this.id, code: refusal.code }, refusal.rawMessage);
      await this.#answers.revoked(refusal);
      this.#delivery.ack();
      this.#env.statistics.count("revoked");
      return;
    }

    let args: readonly unknown[];
    try {
      checkSuccessors(this.#message, {
        maxCallbacks: this.#env.maxCallbacks,
        needsChordSize: this.#env.outbox.chords.needsSize ?? false,
      });
      args = await this.#arguments();
    } catch (error) {
      return this.reject(error);
    }

    if (this.#registered.task.spec.ack === "early") {
      this.#givenUp = deferred();
      this.#delivery.ack();
    }
    this.#startedAt = performance.now();
    this.#env.log.debug({ task: this.#message.task, id: this.id, retries: this.#message.retries }, "task started");
    const ending = await this.#execute(args);
    // In a workflow that was called off meanwhile nothing follows it, and it isn't tried again.
    const calledOff = ending.kind === "returned" ? undefined : this.#env.revoked.workflow(this.#message);
    await this.#conclude(calledOff === undefined ? ending : { kind: "revoked", error: calledOff }, args);
  }

  /** It has run, and expired before it could be tried again. So it didn't succeed, and wasn't called off either. */
  async #failExpired({ rawMessage }: LigatureError): Promise<void> {
    this.#env.log.warn({ task: this.#message.task, id: this.id, retries: this.#message.retries }, rawMessage);
    const expired = expiryOf(this.#message) ?? new Date();
    const ending = { kind: "failure", error: errorOfLastRun(this.#message, expired), expired } as const;
    // They could be read when it ran; another worker may hold another version of the contract.
    const args = await this.#arguments().catch(() => this.#message.args);
    await this.#conclude(ending, args);
  }

  /** Answers a request that can't be run as it is, and dead-letters it. */
  async reject(error: unknown): Promise<void> {
    this.#env.log.error({ task: this.#message.task, id: this.id, err: error }, "request refused and dead-lettered");
    await this.#answers.refused(error);
    this.#delivery.deadLetter();
    this.#env.statistics.count("refused");
  }

  #refusal(now: number): LigatureError | undefined {
    const isRevoked = this.#env.revoked.has(this, now);
    return refusalOf(this.#message, { isRevoked, redelivered: this.#delivery.redelivered, now });
  }

  async #arguments(): Promise<readonly unknown[]> {
    const { task } = this.#registered;
    this.#env.statistics.meet(task.spec.name, this.#message.fingerprint, task.fingerprint);
    return argumentsOf(task, this.#message);
  }

  async #execute(args: readonly unknown[]): Promise<Ending> {
    const { task, run, pooled } = this.#registered;
    const { spec } = task;
    const { timeLimit } = this.#message;
    const limits = { soft: timeLimit.soft ?? spec.timeLimit.soft, hard: timeLimit.hard ?? spec.timeLimit.hard };
    const { rootId, deadline } = this.#message;
    const sent = (ids: readonly string[]): void => this.#answers.children.add(ids);
    const current = { id: this.id, rootId, deadline, calledOff: () => this.#env.revoked.workflow(this.#message), sent };
    const killer = pooled === true ? new AbortController() : undefined;
    try {
      const returned = await withTimeLimits(
        limits,
        spec.name,
        { abort: (reason) => this.abort(reason), kill: killer && (() => killer.abort()) },
        (began) => {
          const request = killer ? { ...current, inPool: { message: this.#message, kill: killer.signal, began } } : current;
          return this.#unlessGivenUp(runInRequest(request, this.#env.host, () => this.#callHandler(run, args)));
        },
      );
      const parsed = parseResult(spec, returned);
      const value = parsed instanceof Promise ? await parsed : parsed;
      return { kind: "success", value, packed: this.#registered.passOn?.(this.#message) ?? packValue(value, task.plainResult) };
    } catch (error) {
      const { abortReason, misuse } = this.#context;
      const acknowledged = this.#givenUp !== undefined;
      const asked = { contract: spec.retry, worker: this.#env.retries?.get(spec.name) };
      return endingOf(error, { message: this.#message, asked, abortReason, misuse, acknowledged, now: Date.now() });
    }
  }

  #unlessGivenUp<T>(running: Promise<T>): Promise<T> {
    return this.#givenUp === undefined ? running : Promise.race([running, this.#givenUp.promise]);
  }

  async #callHandler(run: RegisteredTask["run"], args: readonly unknown[]): Promise<unknown> {
    try {
      if (this.#env.interceptors === undefined) return await run(...args, this.#context);
      const { runThrough } = await import("./run-through.ts");
      return await runThrough(this.#env.interceptors, this.#message, this.#context, args, () => run(...args, this.#context));
    } catch (thrown) {
      throw ownError(thrown, this.#context.abortReason);
    }
  }

  /** Sends what the ending owes; acknowledges; calls the local hook. */
  async #conclude(ending: Ending, args: readonly unknown[]): Promise<void> {
    const { task, id, retries } = this.#message;
    const { onSuccess, onFailure, onRetry } = this.#registered;
    const request = { id, taskName: task, args, retries };
    const took = this.#startedAt !== undefined && { duration: inWords(performance.now() - this.#startedAt) };
    const reports = this.#progress.finish();
    if (reports !== undefined) await reports;
    switch (ending.kind) {
      case "success":
        try {
          await this.#answers.success(ending.packed, this.#parsedBy());
        } catch (error) {
          // Too large for the broker, or not writable: then the task has failed after all.
          if (!(error instanceof LigatureError) || error.code === "CLOSED") throw error;
          return this.#conclude({ kind: "failure", error }, args);
        }
        this.#delivery.ack();
        this.#env.statistics.count("succeeded");
        this.#env.log.debug({ task, id, retries, ...took }, "task succeeded");
        return this.#hook("onSuccess", onSuccess, request, ending.value);
      case "failure": {
        const expiry = ending.expired !== undefined && { expired: ending.expired.toISOString() };
        if (isDeclaredError(ending.error)) {
          // Neither news nor a mistake: one line, without a stack.
          this.#env.log.info({ task, id, ...took, answer: ending.error.message }, "task answered with an error of its contract");
        } else {
          this.#env.log.error({ task, id, retries, ...took, err: ending.error, ...expiry }, "task failed");
        }
        await this.#answers.failure(ending.error, ending.expired);
        this.#delivery.ack();
        this.#env.statistics.count("failed");
        return this.#hook("onFailure", onFailure, request, ending.error);
      }
      case "retry":
        this.#env.log.warn({ task, id, retries, ...took, delayMs: ending.delay, err: ending.error }, "task will be retried");
        await this.#answers.retry(ending.error, ending.delay);
        this.#delivery.ack();
        this.#env.statistics.count("retried");
        return this.#hook("onRetry", onRetry, request, ending.error);
      case "revoked":
        this.#env.log.warn({ task, id }, "task revoked while it ran");
        await this.#answers.revoked(ending.error);
        this.#delivery.ack();
        this.#env.statistics.count("revoked");
        return;
      case "returned":
        this.#env.log.warn({ task, id }, "task interrupted by shutdown; it goes back to the queue");
        await this.#answers.leave();
        await this.#delivery.giveBack();
        return;
      case "lost":
        this.#env.log.error({ task, id, retries, ...took, err: ending.error }, "a handler was lost with what ran it");
        this.lost = ending.error;
        return;
    }
  }

  /** The contract that has parsed the result; nobody has, where it is what this task was given. */
  #parsedBy(): string | undefined {
    const { spec, fingerprint } = this.#registered.task;
    return spec.returns === anything && !this.#message.exact ? undefined : fingerprint;
  }

  async #hook(
    name: string,
    hook: ((request: HandlerRequest<readonly unknown[]>, outcome: unknown) => unknown) | undefined,
    request: HandlerRequest<readonly unknown[]>,
    outcome: unknown,
  ): Promise<void> {
    if (hook === undefined) return;
    try {
      await runInHost(this.#env.host, () => hook(request, outcome));
    } catch (error) {
      this.#env.log.error(
        { task: request.taskName, id: request.id, err: error },
        `${name} hook failed; the task's outcome stands`,
      );
    }
  }
}
