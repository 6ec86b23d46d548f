import type { Delivery } from "../broker/index.ts";
import { LigatureError } from "../errors/index.ts";
import type { Logger } from "../logging/index.ts";
import { runOutside, runsIn } from "../outgoing/index.ts";
import type { ContractRef } from "../signature/index.ts";
import { deferred } from "../timing/index.ts";
import { Answers, Outbox } from "./answers/index.ts";
import {
  Consumers,
  holdTimeoutOf,
  Intake,
  KnownRevocations,
  Losses,
  Quarantine,
  queuesOf,
  RemoteControl,
  Slots,
} from "./intake/index.ts";
import { Revoked, Statistics, Taken, type Origin, type RegisteredTask, type WorkerStatistics } from "./request/index.ts";
import type { OpenPool } from "./pool/index.ts";
import { runUntilStopped } from "./run-until-stopped.ts";
import { idleWorker, type WorkerHealth } from "./worker-health.ts";
import type { CompiledWorkerOptions } from "./worker-options.ts";
import type { WorkerDependencies } from "./worker-dependencies.ts";
import { compileOverrides } from "./task-overrides.ts";
import type { Worker } from "./worker.ts";

/** How long aborted handlers get to react before their requests are given back regardless. */
const abortGrace = 2000;

export function createWorker(
  contract: ContractRef,
  handlers: Map<string, RegisteredTask>,
  options: CompiledWorkerOptions,
  dependencies: WorkerDependencies,
): Worker {
  return new WorkerObject(contract, handlers, options, dependencies);
}

/**
 * A worker is in one of these states:
 *
 *   idle      made, not consuming.  start() ─▶ starting
 *   starting  declares queues, waits for the broker as long as it takes.  ─▶ running; stop() ─▶ draining
 *   running   takes deliveries.  stop(), SIGTERM ─▶ draining
 *   draining  takes no more, returns what waits; running requests finish, or are aborted after `shutdownTimeout`.  ─▶ stopped
 *   stopped   for good.
 */
class WorkerObject implements Worker {
  readonly name: string;
  readonly #log: Logger;
  readonly #options: CompiledWorkerOptions;
  readonly #slots: Slots;
  readonly #statistics: Statistics;
  readonly #control: RemoteControl;
  readonly #consumers: Consumers;
  readonly #losses: Losses;
  readonly #quarantine: Quarantine;
  readonly #whenStopped = deferred<void>();
  readonly #whenIdle = deferred<void>();
  readonly #contract: ContractRef;
  readonly #dependencies: WorkerDependencies;
  readonly #handlers: Map<string, RegisteredTask>;
  #pool: OpenPool | undefined;
  #started: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #state: WorkerHealth["state"] = "idle";

  constructor(
    contract: ContractRef,
    handlers: Map<string, RegisteredTask>,
    options: CompiledWorkerOptions,
    dependencies: WorkerDependencies,
  ) {
    const { broker, backend, publisher, revocationLog, openOnce, findTask, defaultQueue, maxPayload, log: appLog } = dependencies;
    const log = appLog.child({ worker: options.name });
    const revoked = new Revoked(log);
    const known = new KnownRevocations(revocationLog, revoked, log);
    const statistics = new Statistics(log, dependencies.telemetry);
    const outbox: Outbox = new Outbox({
      broker,
      backend,
      publisher,
      log,
      defaultQueue,
      findTask,
      intercept: dependencies.intercept,
      queues: [...contract.tasks.values()].map(({ spec }) => spec.queue),
      fail: (message, from, error) =>
        new Answers(message, from, { outbox, openOnce, log }, { ignoreResult: message.ignoreResult ?? false }).failure(error),
    });
    const { progressInterval, maxCallbacks } = options;
    const layers = [...(dependencies.interceptors ?? []), ...(options.interceptors ?? [])];
    const interceptors = layers.length === 0 ? undefined : layers;
    const retries = options.retry === undefined ? undefined : compileOverrides(contract, options).retry;
    const queues = queuesOf(contract);
    this.#losses = new Losses({ queues, broker, log, onSuspect: (queue) => this.#quarantine.notice(queue) });
    const intake = new Intake({
      handlers,
      worker: options.name,
      contract: contract.spec.name,
      maxPayload,
      env: { progressInterval, maxCallbacks, outbox, openOnce, log, retries, revoked, statistics, host: this, interceptors },
      losses: this.#losses,
      telemetry: dependencies.telemetry,
    });
    this.name = options.name;
    this.#contract = contract;
    this.#handlers = handlers;
    this.#dependencies = dependencies;
    this.#consumers = new Consumers({ contract, broker, known, prefetch: options.prefetch, log });
    this.#log = log;
    this.#options = options;
    this.#statistics = statistics;
    this.#slots = new Slots(options.concurrency, (taken, slot) => intake.process(taken, slot));
    this.#quarantine = new Quarantine({
      queues: queues.values(),
      broker,
      slots: this.#slots,
      take: (delivery, { name: queue }) => this.#take(delivery, { queue, alone: true }),
      holdTimeout: (queue) => holdTimeoutOf(contract, queue),
      log,
    });
    this.#control = new RemoteControl({ worker: options.name, slots: this.#slots, revoked, known, log });
  }

  statistics(): WorkerStatistics {
    return this.#statistics.read(this.#slots.running);
  }

  health(): WorkerHealth {
    const state = this.#state;
    const consuming = state === "running" && this.#consumers.active;
    return { ...idleWorker(this.#contract, this.#options), state, consuming, running: this.#slots.running };
  }

  start(): Promise<void> {
    if (this.#stopping !== undefined) {
      return Promise.reject(new LigatureError("CLOSED", `The worker ${this.name} has been stopped; make a new one.`));
    }
    if (this.#started === undefined) {
      this.#dependencies.onActive(true);
      this.#state = "starting";
      this.#started = this.#start();
    }
    return this.#started;
  }

  async #start(): Promise<void> {
    if (this.#options.pool !== undefined) await this.#openPool(this.#options.pool);
    const queues = await this.#consumers.start(
      (message) => this.#control.onMessage(message),
      (delivery, queue) => this.#slots.push(this.#take(delivery, { queue, alone: false })),
      () => this.#quarantine.start(),
    );
    if (this.#stopping !== undefined) return;
    this.#state = "running";
    const { broker, brokerIsNamed } = this.#dependencies;
    const { address, product } = broker;
    const inProcess = address.startsWith("memory:");
    this.#log.info(
      {
        contract: this.#contract.spec.name,
        queues: queues.join(","),
        concurrency: this.#options.concurrency,
        ...(this.#options.pool !== undefined && { execution: this.#options.pool.execution }),
        broker: address,
        ...(product !== undefined && { product }),
      },
      inProcess ? "worker is ready, for callers in this process only" : "worker is ready",
    );
    if (inProcess && !brokerIsNamed) {
      this.#log.warn(
        {},
        'createApp() was given no broker, so this worker is on memory://, which no other process reaches; give it one: { broker: "amqp://…" }',
      );
    }
  }

  async #openPool({ module, ...settings }: NonNullable<CompiledWorkerOptions["pool"]>): Promise<void> {
    const { openPool } = await import("./pool/index.ts");
    this.#pool = await openPool(this.#contract, module, settings, this.#log);
    for (const [name, task] of this.#pool.tasks) this.#handlers.set(name, task);
    if (this.#stopping !== undefined) await this.#pool.close();
  }

  #take(delivery: Delivery, origin: Origin): Taken {
    return new Taken(delivery, origin, (taken) => this.#losses.giveBack(taken));
  }

  run(): Promise<void> {
    return runUntilStopped({
      worker: this,
      log: this.#log,
      running: () => this.#slots.running,
      abort: () => this.#abortAll(),
      stopped: this.#whenStopped.promise,
      hasStarted: () => this.#started !== undefined,
      onEnd: this.#dependencies.onRunEnd,
    });
  }

  stop(): Promise<void> {
    this.#stopping ??= runOutside(() => this.#stop());
    if (!runsIn(this)) return this.#stopping;
    // It would wait for the request that waits for it. Who else waits hears of a failure to stop.
    this.#stopping.catch(() => {});
    return this.#whenIdle.promise;
  }

  async #stop(): Promise<void> {
    this.#state = "draining";
    try {
      this.#slots.pause();
      const { running } = this.#slots;
      if (running > 0) this.#log.info({ running }, "worker waits for the tasks that run");
      await Promise.all([this.#consumers.cancel(), this.#quarantine.stop()]);
      this.#slots.close();
      this.#whenIdle.resolve();
      await this.#drain();
      await this.#slots.returned();
      await Promise.all([this.#consumers.close(), this.#quarantine.close(), this.#pool?.close()]);
    } finally {
      this.#state = "stopped";
      this.#whenIdle.resolve();
      if (this.#started !== undefined) this.#dependencies.onActive(false);
      this.#whenStopped.resolve();
    }
    const { succeeded, failed, retried, revoked, refused } = this.statistics();
    this.#log.info({ succeeded, failed, retried, revoked, refused }, "worker has stopped");
  }

  async #drain(): Promise<void> {
    const { shutdownTimeout } = this.#options;
    if (await this.#slots.finished(shutdownTimeout)) return;
    this.#log.warn({ running: this.#slots.running, shutdownTimeoutMs: shutdownTimeout }, "handlers still run; aborting them");
    this.#abortAll();
    if (await this.#slots.finished(abortGrace)) return;
    this.#log.error(
      { running: this.#slots.running },
      'handlers ignore ctx.signal; their requests return to the queue and will run again, or have failed if their task says ack: "early"',
    );
    this.#slots.giveUp();
    await this.#slots.finished(abortGrace);
    this.#slots.abandon();
  }

  #abortAll(): void {
    this.#slots.abort(new LigatureError("CLOSED", `The worker ${this.name} is shutting down.`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
