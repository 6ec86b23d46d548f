import { longestDuration } from "../../contract/index.ts";
import { LigatureError } from "../../errors/index.ts";
import { decodeTask, salvageTask, type TaskMessage } from "../../protocol/index.ts";
import { deferred, pause } from "../../timing/index.ts";
import type { ServedRequest, Telemetry } from "../../telemetry/index.ts";
import { Answers } from "../answers/index.ts";
import { HandlerLost, Request, type RegisteredTask, type RequestEnvironment, type Taken } from "../request/index.ts";
import { builtinTask } from "./builtin-task.ts";
import { Ledger } from "./ledger.ts";
import type { Losses } from "./losses.ts";
import type { Slot } from "./slots.ts";

/** A message that is due within this many milliseconds waits here; anything later goes back into the broker's delay. */
const momentToWait = 1000;

/**
 * From a delivery to a running request. What can't become one is answered as far as its headers go, and
 * dead-lettered: nothing that anybody sends stops the worker, loops for ever, or vanishes.
 */
export class Intake {
  readonly #handlers: ReadonlyMap<string, RegisteredTask>;
  readonly #worker: string;
  readonly #contract: string;
  readonly #maxPayload: number;
  readonly #env: RequestEnvironment;
  readonly #losses: Losses;
  readonly #telemetry: readonly Telemetry[] | undefined;
  readonly #ledger = new Ledger();
  /** Requests that are being sent anew: their message may be here before the old one is acknowledged. */
  readonly #moving = new Map<string, Promise<void>>();

  constructor(options: {
    readonly handlers: ReadonlyMap<string, RegisteredTask>;
    readonly worker: string;
    readonly contract: string;
    readonly maxPayload: number;
    readonly env: RequestEnvironment;
    readonly losses: Losses;
    readonly telemetry: readonly Telemetry[] | undefined;
  }) {
    this.#handlers = options.handlers;
    this.#worker = options.worker;
    this.#contract = options.contract;
    this.#maxPayload = options.maxPayload;
    this.#env = options.env;
    this.#losses = options.losses;
    this.#telemetry = options.telemetry;
  }

  /** Settles the delivery. Never rejects. */
  async process(delivery: Taken, slot: Slot): Promise<void> {
    try {
      // n.b. a promise is awaited only where there is one: each turn is a part of every request's time.
      const message = this.#decode(delivery);
      if (message instanceof Promise) return await message;
      const moving = this.#moving.get(message.id);
      if (moving !== undefined) await moving;
      const losses = this.#losses.written(delivery);
      const redelivered = delivery.redelivered || losses.known;
      if (redelivered && (await this.#isOurs(message, delivery))) return;
      const lost = delivery.redelivered ? await this.#countLoss(message, delivery) : undefined;
      if (lost === "moved") return;
      this.#ledger.begin(message, delivery);
      let ended: "concluded" | "postponed" | HandlerLost = "postponed";
      try {
        ended = await this.#run(message, { delivery, redelivered }, slot, lost);
      } finally {
        this.#ledger.end(message, delivery, ended === "concluded");
      }
      if (ended instanceof HandlerLost) await this.#afterLoss(message, delivery, ended);
    } catch (error) {
      // Only the broker's own end gets here: nothing could be confirmed, so the request stays for another worker.
      this.#env.log.error({ err: error }, "a request could not be concluded; it goes back to the queue");
      await delivery.giveBack();
    }
  }

  /** @returns `concluded` when everything that the request owes has been sent */
  async #run(
    message: TaskMessage,
    { delivery, redelivered }: { readonly delivery: Taken; readonly redelivered: boolean },
    slot: Slot,
    lost: LigatureError | undefined,
  ): Promise<"concluded" | "postponed" | HandlerLost> {
    const registered = lost ?? this.#accept(message);
    if (registered instanceof LigatureError) {
      await this.#refuse(message, delivery, registered);
      return "concluded";
    }
    const isTimed = message.eta !== undefined || message.countdown !== undefined;
    if (isTimed && (await this.#postpone(message, delivery))) return "postponed";
    const request = new Request(registered, message, { delivery, redelivered }, this.#env);
    slot.request = request;
    await this.#watched(message, delivery, () => request.run());
    return request.lost ?? "concluded";
  }

  /** The request runs again, unless it has lost as many handlers as it may. */
  async #afterLoss(message: TaskMessage, delivery: Taken, { message: how }: HandlerLost): Promise<void> {
    const { id, task } = message;
    const outcome = await this.#beforeItsCopy(id, () => this.#losses.countHandler(delivery, task, how));
    if (outcome !== "moved") await this.#refuse(message, delivery, outcome);
  }

  /** Serves a request within what watches the app. */
  async #watched(
    message: TaskMessage,
    { queue, message: { exchange, routingKey } }: Taken,
    serve: () => Promise<void>,
  ): Promise<void> {
    if (this.#telemetry === undefined) return serve();
    const { id, task, rootId, parentId, retries, headers, eta, group } = message;
    const request: ServedRequest = {
      ...{ id, taskName: task, rootId, parentId, attempt: retries + 1, headers },
      ...{ exchange, routingKey, queue, due: eta, isMember: group !== undefined },
    };
    const around = (inner: () => Promise<void>, each: Telemetry): (() => Promise<void>) => {
      const wrap = each.request;
      return wrap === undefined ? inner : () => wrap(request, inner);
    };
    await this.#telemetry.reduceRight(around, serve)();
  }

  /**
   * Whether this worker runs the request already, or has concluded it: the broker gives out a message again that was held
   * too long, or when its connection was lost. Neither is a loss, and nothing is started again.
   */
  async #isOurs(message: TaskMessage, delivery: Taken): Promise<boolean> {
    const { task, id } = message;
    const running = this.#ledger.running(message);
    if (running !== undefined) {
      if (await this.#beforeItsCopy(id, () => this.#losses.renew(delivery))) return true;
      this.#env.log.warn({ task, id }, "a request that still runs here was delivered again; it isn't started again");
      running.adopt(delivery);
      return true;
    }
    const settlement = this.#ledger.concluded(message);
    // n.b. what is no redelivery was sent anew by a worker; or from the dead letters, by somebody who wants it to run.
    if (settlement === undefined || (settlement === "deadLetter" && !delivery.redelivered)) return false;
    this.#env.log.info({ task, id }, "a request that was concluded here was delivered again; it is only acknowledged");
    delivery.settle(settlement);
    return true;
  }

  /** @returns undefined when the request may run; otherwise its message was sent anew, or it was lost too often */
  async #countLoss({ id, task }: TaskMessage, delivery: Taken): Promise<LigatureError | "moved" | undefined> {
    const outcome = await this.#beforeItsCopy(id, () => this.#losses.count(delivery, task));
    return outcome === "run" ? undefined : outcome;
  }

  /** What may send the message anew is done, and the old one acknowledged, before the new one is looked at. */
  async #beforeItsCopy<T>(id: string, work: () => Promise<T>): Promise<T> {
    const done = deferred<void>();
    this.#moving.set(id, done.promise);
    try {
      const outcome = await work();
      // n.b. acknowledgements are written at the end of the turn.
      await new Promise<void>((resolve) => setImmediate(resolve));
      return outcome;
    } finally {
      if (this.#moving.get(id) === done.promise) this.#moving.delete(id);
      done.resolve();
    }
  }

  /** The message; a promise where it can't be read, until that is dealt with. */
  #decode(delivery: Taken): TaskMessage | Promise<void> {
    const { message } = delivery;
    try {
      if (message.body.byteLength > this.#maxPayload) {
        throw new LigatureError(
          "PAYLOAD_TOO_LARGE",
          `The message has ${message.body.byteLength} bytes, the limit is ${this.#maxPayload}.`,
        );
      }
      return decodeTask(message, this.#maxPayload);
    } catch (error) {
      this.#env.log.error(
        { queue: delivery.queue, task: message.headers["task"], id: message.headers["id"], err: error },
        "unreadable message dead-lettered",
      );
      return this.#refuseUnreadable(delivery, error);
    }
  }

  async #refuseUnreadable(delivery: Taken, error: unknown): Promise<void> {
    await this.#answerUnreadable(delivery, error);
    delivery.deadLetter();
    this.#env.statistics.count("refused");
  }

  async #answerUnreadable({ message, queue }: Taken, error: unknown): Promise<void> {
    const salvaged = salvageTask(message, this.#maxPayload);
    if (salvaged === undefined) return;
    await new Answers(salvaged, queue, this.#env, { ignoreResult: salvaged.ignoreResult ?? false }).failure(error);
  }

  /** The handler for a request, or why it gets none. */
  #accept(message: TaskMessage): RegisteredTask | LigatureError {
    const { task } = message;
    const registered = this.#handlers.get(task) ?? this.#builtin(message);
    if (registered instanceof LigatureError) return registered;
    if (registered === undefined) {
      return new LigatureError(
        "NOT_REGISTERED",
        `The worker ${this.#worker} got "${task}", which is no task of the contract ${this.#contract}.`,
        { details: { task } },
      );
    }
    return registered;
  }

  #builtin(message: TaskMessage): RegisteredTask | LigatureError | undefined {
    try {
      return builtinTask(message, this.#handlers, this.#contract);
    } catch (error) {
      if (error instanceof LigatureError) return error;
      throw error;
    }
  }

  async #refuse(message: TaskMessage, delivery: Taken, error: LigatureError): Promise<void> {
    this.#env.log.error({ task: message.task, id: message.id, err: error }, "request refused and dead-lettered");
    const answers = new Answers(message, delivery.queue, this.#env, { ignoreResult: message.ignoreResult ?? false });
    await (error.info.ran === "no" ? answers.refused(error) : answers.failure(error));
    delivery.deadLetter();
    this.#env.statistics.count("refused");
  }

  /** Celery's clients send a task with an `eta` or our countdown at once; it waits in the broker, not in this worker's hands. */
  async #postpone(message: TaskMessage, delivery: Taken): Promise<boolean> {
    const { countdown } = message;
    const eta =
      message.eta ?? (countdown === undefined ? undefined : new Date(Date.now() + Math.min(countdown, longestDuration)));
    const wait = eta === undefined ? 0 : eta.getTime() - Date.now();
    if (wait <= 0) return false;
    if (wait <= momentToWait) {
      await pause(wait);
      return false;
    }
    // The broker holds nothing longer: what is due later comes back by then and is sent round once more.
    const delay = Math.min(wait, longestDuration);
    const again: TaskMessage = { ...message, eta, countdown: undefined };
    const route = { exchange: "", routingKey: delivery.queue };
    await this.#env.outbox.send({ message: again, route, delay }, delivery.queue);
    delivery.ack();
    return true;
  }
}
