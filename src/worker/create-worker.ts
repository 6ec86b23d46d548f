import type { ResultBackend } from "../backend/index.ts";
import type { Broker, Consumer, Delivery } from "../broker/index.ts";
import { LigatureError } from "../errors/index.ts";
import type { Logger } from "../logging/index.ts";
import { decodeControl, decodeTask, exceptionToWire, type Message, type TaskMessage } from "../protocol/index.ts";
import { deferred } from "../timing/index.ts";
import type { ContractRef, TaskRef } from "../signature/index.ts";
import { Answers } from "./answers.ts";
import { registerHandlers, type RegisteredTask } from "./handlers.ts";
import { Outbox } from "./outbox.ts";
import { Request, type RequestEnvironment } from "./request.ts";
import { Revocations } from "./revocations.ts";
import { compileWorkerOptions } from "./worker-options.ts";
import type { Worker, WorkerOptions } from "./worker.ts";

/** What a worker needs of its app. */
export interface WorkerDependencies {
  readonly app: string;
  readonly broker: Broker;
  readonly backend: ResultBackend;
  readonly log: Logger;
  readonly maxPayload: number;
  readonly defaultQueue: string;
  readonly findTask: (name: string) => TaskRef | undefined;
}

/** RabbitMQ's default `consumer_timeout`: it closes the channel of a consumer that holds a message longer. */
const consumerTimeout = 30 * 60 * 1000;
/** A message that is due within this time waits here; anything later goes back to the broker's own delay. */
const momentToWait = 1000;
/** After aborting handlers at shutdown: how long they get to react. */
const abortGrace = 2000;

export function createWorker(
  contract: ContractRef,
  handlers: unknown,
  options: WorkerOptions,
  dependencies: WorkerDependencies,
): Worker {
  return new WorkerObject(contract, registerHandlers(contract, handlers), options, dependencies);
}

/**
 * A worker is in one of these states:
 *
 *   idle      made, not consuming.            start() ─▶ starting
 *   starting  declaring queues, waiting for the broker as long as it takes. ─▶ running, or stop() ─▶ stopped
 *   running   takes deliveries; at most `concurrency` run, others wait in `#waiting`. stop() ─▶ draining
 *   draining  takes no more; waiting ones go back; running ones finish, or are aborted after the timeout.
 *   stopped   for good.
 */
class WorkerObject implements Worker {
  readonly name: string;
  readonly #contract: ContractRef;
  readonly #handlers: ReadonlyMap<string, RegisteredTask>;
  readonly #broker: Broker;
  readonly #log: Logger;
  readonly #maxPayload: number;
  readonly #env: RequestEnvironment;
  readonly #running = new Map<Delivery, { request: Request | undefined; done: Promise<void> }>();
  readonly #waiting: Delivery[] = [];
  readonly #consumers: Consumer[] = [];
  #state: "idle" | "starting" | "running" | "draining" | "stopped" = "idle";
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(
    contract: ContractRef,
    handlers: ReadonlyMap<string, RegisteredTask>,
    options: WorkerOptions,
    dependencies: WorkerDependencies,
  ) {
    const compiled = compileWorkerOptions(options, dependencies.app);
    this.name = compiled.name;
    this.#contract = contract;
    this.#handlers = handlers;
    this.#broker = dependencies.broker;
    this.#maxPayload = dependencies.maxPayload;
    this.#log = dependencies.log.child({ worker: compiled.name });
    const { broker, backend, findTask, defaultQueue } = dependencies;
    this.#env = {
      options: compiled,
      outbox: new Outbox({ broker, backend, log: this.#log, findTask }),
      log: this.#log,
      revocations: new Revocations(),
      defaultQueue,
    };
  }

  start(): Promise<void> {
    if (this.#state === "draining" || this.#state === "stopped") {
      return Promise.reject(new LigatureError("CLOSED", `The worker ${this.name} has been stopped; make a new one.`));
    }
    this.#started ??= this.#start();
    return this.#started;
  }

  async #start(): Promise<void> {
    this.#state = "starting";
    const queues = new Map([...this.#contract.tasks.values()].map((task) => [task.spec.queue.name, task.spec.queue]));
    for (const queue of queues.values()) await this.#broker.declareQueue(queue, { giveUpAt: Number.POSITIVE_INFINITY });
    if (!this.#isStarting()) return;
    this.#consumers.push(await this.#broker.subscribe((message) => this.#onControl(message)));
    for (const queue of queues.keys()) {
      if (!this.#isStarting()) return;
      this.#consumers.push(
        await this.#broker.consume(queue, { prefetch: this.#env.options.prefetch }, (delivery) => this.#onDelivery(delivery)),
      );
    }
    if (!this.#isStarting()) return;
    this.#state = "running";
    this.#warnOfLongTasks();
    this.#log.info(
      { queues: [...queues.keys()], tasks: [...this.#handlers.keys()], concurrency: this.#env.options.concurrency },
      "worker is ready",
    );
  }

  /** stop() may come at any await of a start. */
  #isStarting(): boolean {
    return this.#state === "starting";
  }

  async run(): Promise<void> {
    const finished = deferred<void>();
    let signals = 0;
    const onSignal = (signal: NodeJS.Signals): void => {
      signals += 1;
      if (signals === 1) {
        this.#log.info({ signal, running: this.#running.size }, "worker drains; a second signal aborts what still runs");
        this.stop().then(finished.resolve, finished.reject);
      } else {
        this.#abortAll();
      }
    };
    process.on("SIGTERM", onSignal);
    process.on("SIGINT", onSignal);
    try {
      await this.start();
      await Promise.race([finished.promise, this.#whenStopped.promise]);
    } finally {
      process.off("SIGTERM", onSignal);
      process.off("SIGINT", onSignal);
    }
  }

  readonly #whenStopped = deferred<void>();

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const wasStarting = this.#state === "starting";
    this.#state = "draining";
    // A start under way notices the state at its next step; what it had set up by then is closed below.
    if (wasStarting) this.#log.info({}, "worker stopped while starting");
    await Promise.all(this.#consumers.map((consumer) => consumer.cancel()));
    for (const delivery of this.#waiting.splice(0)) delivery.requeue();
    await this.#drain();
    await Promise.all(this.#consumers.map((consumer) => consumer.close()));
    this.#state = "stopped";
    this.#log.info({}, "worker has stopped");
    this.#whenStopped.resolve();
  }

  async #drain(): Promise<void> {
    const { shutdownTimeout } = this.#env.options;
    if (await this.#allDone(shutdownTimeout)) return;
    this.#log.warn({ running: this.#running.size, shutdownTimeout }, "handlers still run; aborting them");
    this.#abortAll();
    if (await this.#allDone(abortGrace)) return;
    this.#log.error(
      { running: this.#running.size },
      "handlers ignore ctx.signal; their requests return to the queue and will run again",
    );
  }

  /** Whether everything that runs has finished within the time. */
  async #allDone(ms: number): Promise<boolean> {
    if (this.#running.size === 0) return true;
    const timeout = deferred<false>();
    const timer = setTimeout(timeout.resolve, ms, false);
    const done = Promise.all([...this.#running.values()].map((entry) => entry.done)).then(() => true as const);
    try {
      return await Promise.race([done, timeout.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  #abortAll(): void {
    const reason = new LigatureError("CLOSED", `The worker ${this.name} is shutting down.`);
    for (const { request } of this.#running.values()) request?.abort(reason);
  }

  #onDelivery(delivery: Delivery): void {
    if (this.#state === "draining" || this.#state === "stopped") {
      delivery.requeue();
    } else if (this.#running.size < this.#env.options.concurrency) {
      this.#run(delivery);
    } else {
      this.#waiting.push(delivery);
    }
  }

  #run(delivery: Delivery): void {
    const entry: { request: Request | undefined; done: Promise<void> } = { request: undefined, done: Promise.resolve() };
    this.#running.set(delivery, entry);
    entry.done = this.#process(delivery, entry)
      .catch((error: unknown) => {
        // Only the broker's own end gets here: nothing could be confirmed, so the request stays for another worker.
        this.#log.error({ error }, "a request could not be concluded; it goes back to the queue");
        delivery.requeue();
      })
      .then(() => {
        this.#running.delete(delivery);
        const next = this.#waiting.shift();
        if (next !== undefined) this.#run(next);
      });
  }

  async #process(delivery: Delivery, entry: { request: Request | undefined }): Promise<void> {
    const message = await this.#decode(delivery);
    if (message === undefined) return;
    const registered = this.#handlers.get(message.task);
    if (registered === undefined) {
      await this.#refuse(
        message,
        delivery,
        new LigatureError(
          "NOT_REGISTERED",
          `The worker ${this.name} got "${message.task}", which is no task of the contract ${this.#contract.spec.name}.`,
          {
            details: { task: message.task },
          },
        ),
      );
      return;
    }
    const { queue } = registered.task.spec;
    if (delivery.deliveryCount >= queue.deliveryLimit) {
      await this.#refuse(
        message,
        delivery,
        new LigatureError(
          "WORKER_LOST",
          `${message.task} was delivered ${delivery.deliveryCount} times, and each time its worker was lost before it finished.`,
        ),
      );
      return;
    }
    if (await this.#postpone(message, delivery)) return;
    const request = new Request(registered, message, delivery, this.#env);
    entry.request = request;
    await request.run();
  }

  /** A message that nobody can read is answered as far as its headers go, and dead-lettered. */
  async #decode(delivery: Delivery): Promise<TaskMessage | undefined> {
    const { message } = delivery;
    try {
      if (message.body.byteLength > this.#maxPayload) {
        throw new LigatureError(
          "PAYLOAD_TOO_LARGE",
          `The message has ${message.body.byteLength} bytes, the limit is ${this.#maxPayload}.`,
        );
      }
      return decodeTask(message);
    } catch (error) {
      this.#log.error(
        { queue: delivery.queue, task: message.headers["task"], id: message.headers["id"], error },
        "unreadable message dead-lettered",
      );
      await this.#answerUnreadable(message, error);
      delivery.deadLetter();
      return undefined;
    }
  }

  async #answerUnreadable(message: Message, error: unknown): Promise<void> {
    const id = message.headers["id"];
    const { replyTo, correlationId } = message.properties;
    if (typeof id !== "string" || id === "") return;
    const { exception, traceback } = exceptionToWire(error);
    await this.#env.outbox.store(
      { task_id: id, status: "FAILURE", result: exception, traceback, children: [] },
      { replyTo, correlationId: correlationId ?? id },
    );
  }

  async #refuse(message: TaskMessage, delivery: Delivery, error: LigatureError): Promise<void> {
    this.#log.error({ task: message.task, id: message.id, error }, "request refused and dead-lettered");
    await new Answers(message, delivery.queue, this.#env, { ignoreResult: message.ignoreResult ?? false }).failure(error);
    delivery.deadLetter();
  }

  /** Celery's clients send a task with an `eta` at once; it waits in the broker, not in this worker's hands. */
  async #postpone(message: TaskMessage, delivery: Delivery): Promise<boolean> {
    const wait = message.eta === undefined ? 0 : message.eta.getTime() - Date.now();
    if (wait <= 0) return false;
    if (wait > momentToWait) {
      await this.#env.outbox.send({ message, route: { exchange: "", routingKey: delivery.queue }, delay: wait }, delivery.queue);
      delivery.ack();
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
    return false;
  }

  #onControl(message: Message): void {
    try {
      const command = decodeControl(message);
      if (command.destination !== null && !command.destination.includes(this.name)) return;
      if (command.method === "revoke") this.#revoke(command.arguments);
    } catch (error) {
      this.#log.warn({ error }, "unreadable remote control command ignored");
    }
  }

  #revoke(args: Readonly<Record<string, unknown>>): void {
    const given = args["task_id"];
    const ids = (Array.isArray(given) ? given : [given]).filter((id): id is string => typeof id === "string").slice(0, 50_000);
    const now = Date.now();
    for (const id of ids) this.#env.revocations.add(id, now);
    if (args["terminate"] !== true) return;
    for (const { request } of this.#running.values()) {
      if (request === undefined || !ids.includes(request.id)) continue;
      request.abort(new LigatureError("REVOKED", `${request.id} was revoked while it ran.`, { details: { terminated: true } }));
    }
  }

  #warnOfLongTasks(): void {
    if (this.#broker.product?.startsWith("RabbitMQ") !== true) return;
    for (const { spec } of this.#contract.tasks.values()) {
      const longest = spec.timeLimit.hard ?? 0;
      if (longest <= consumerTimeout) continue;
      this.#log.warn(
        { task: spec.name, timeLimitMinutes: longest / 60_000 },
        "RabbitMQ takes a message back after its consumer_timeout (30 minutes unless configured); raise it above this task's time limit",
      );
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
