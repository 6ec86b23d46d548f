import { setTimeout as pause } from "node:timers/promises";
import type { Delivery } from "../../broker/index.ts";
import { longestDuration } from "../../contract/index.ts";
import { LigatureError } from "../../errors/index.ts";
import { decodeTask, salvageTask, type TaskMessage } from "../../protocol/index.ts";
import { Answers } from "../answers/index.ts";
import { Request, type RegisteredTask, type RequestEnvironment } from "../request/index.ts";
import { builtinTask } from "./builtin-task.ts";
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

  constructor(options: {
    readonly handlers: ReadonlyMap<string, RegisteredTask>;
    readonly worker: string;
    readonly contract: string;
    readonly maxPayload: number;
    readonly env: RequestEnvironment;
  }) {
    this.#handlers = options.handlers;
    this.#worker = options.worker;
    this.#contract = options.contract;
    this.#maxPayload = options.maxPayload;
    this.#env = options.env;
  }

  /** Settles the delivery. Never rejects. */
  async process(delivery: Delivery, slot: Slot): Promise<void> {
    try {
      const message = await this.#decode(delivery);
      if (message === undefined) return;
      const registered = this.#accept(message, delivery);
      if (registered instanceof LigatureError) return await this.#refuse(message, delivery, registered);
      if (await this.#postpone(message, delivery)) return;
      const request = new Request(registered, message, delivery, this.#env);
      slot.request = request;
      await request.run();
    } catch (error) {
      // Only the broker's own end gets here: nothing could be confirmed, so the request stays for another worker.
      this.#env.log.error({ error }, "a request could not be concluded; it goes back to the queue");
      delivery.requeue();
    }
  }

  async #decode(delivery: Delivery): Promise<TaskMessage | undefined> {
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
        { queue: delivery.queue, task: message.headers["task"], id: message.headers["id"], error },
        "unreadable message dead-lettered",
      );
      await this.#answerUnreadable(delivery, error);
      delivery.deadLetter();
      this.#env.statistics.count("refused");
      return undefined;
    }
  }

  async #answerUnreadable({ message, queue }: Delivery, error: unknown): Promise<void> {
    const salvaged = salvageTask(message, this.#maxPayload);
    if (salvaged === undefined) return;
    await new Answers(salvaged, queue, this.#env, { ignoreResult: salvaged.ignoreResult ?? false }).failure(error);
  }

  /** The handler for a request, or why it gets none. */
  #accept(message: TaskMessage, delivery: Delivery): RegisteredTask | LigatureError {
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
    if (delivery.deliveryCount >= registered.task.spec.queue.deliveryLimit) {
      return new LigatureError(
        "WORKER_LOST",
        `${task} was delivered ${delivery.deliveryCount} times, and each time its worker was lost before it finished.`,
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

  async #refuse(message: TaskMessage, delivery: Delivery, error: LigatureError): Promise<void> {
    this.#env.log.error({ task: message.task, id: message.id, error }, "request refused and dead-lettered");
    await new Answers(message, delivery.queue, this.#env, { ignoreResult: message.ignoreResult ?? false }).failure(error);
    delivery.deadLetter();
    this.#env.statistics.count("refused");
  }

  /** Celery's clients send a task with an `eta` or our countdown at once; it waits in the broker, not in this worker's hands. */
  async #postpone(message: TaskMessage, delivery: Delivery): Promise<boolean> {
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
