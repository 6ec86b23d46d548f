import { entryQueue, persist, suspectsQueue, type Broker } from "../../broker/index.ts";
import type { QueueSpec } from "../../contract/index.ts";
import { LigatureError } from "../../errors/index.ts";
import type { Logger } from "../../logging/index.ts";
import { asLongAsItTakes } from "../../outgoing/index.ts";
import { ligatureHeaders, type Headers, type Message } from "../../protocol/index.ts";
import type { Taken } from "../request/index.ts";

/** So often a request may have been in the hands of a lost worker, beside others, before it is a suspect. */
const sharedLosses = 2;
/** Deliveries that the broker's own limit keeps for the moment: what was acknowledged may come again. */
const spare = 3;
/** Milliseconds that a request which is given back waits for the broker's confirm. */
const returnTimeout = 5000;

/** How often workers were lost that held a request. */
export interface LossCount {
  /** Beside others, any of which may have been the cause. */
  readonly shared: number;
  /** While it ran alone: it is the cause. */
  readonly alone: number;
  /** It was delivered before, whatever the broker says of this delivery. */
  readonly known: boolean;
}

/**
 * Tells what it means that a message is delivered again, and counts it. RabbitMQ counts deliveries and gives up by its own
 * limit, whoever is to blame and however a message came back; so a message is sent anew, with our own count, before that
 * limit comes near.
 */
export class Losses {
  readonly #queues: ReadonlyMap<string, QueueSpec>;
  readonly #broker: Broker;
  readonly #log: Logger;
  readonly #onSuspect: (queue: QueueSpec) => void;

  constructor(options: {
    readonly queues: ReadonlyMap<string, QueueSpec>;
    readonly broker: Broker;
    readonly log: Logger;
    /** A suspect was put aside. */
    readonly onSuspect: (queue: QueueSpec) => void;
  }) {
    this.#queues = options.queues;
    this.#broker = options.broker;
    this.#log = options.log;
    this.#onSuspect = options.onSuspect;
  }

  /** What a message says itself. What was dead-lettered and sent again by somebody begins anew. */
  written({ message, queue }: Taken): LossCount {
    const { headers } = message;
    const known = Object.hasOwn(headers, ligatureHeaders.losses) && !wasParked(headers["x-death"], queue);
    return known
      ? { shared: countIn(headers[ligatureHeaders.losses]), alone: countIn(headers[ligatureHeaders.lossesAlone]), known }
      : { shared: 0, alone: 0, known };
  }

  /**
   * Counts the loss of which a redelivery tells.
   * @returns `run` when the delivery may run as it is; `moved` when its message was sent anew, and it is settled; an error
   * when it was lost too often
   */
  async count(taken: Taken, task: string): Promise<"run" | "moved" | LigatureError> {
    const spec = this.#queues.get(taken.queue);
    const { shared, alone } = this.written(taken);
    const limit = spec?.deliveryLimit ?? Number.POSITIVE_INFINITY;
    if (taken.alone) {
      if (alone + 1 >= limit) return workerLost(task, `ran alone ${alone + 1} times, and each time`);
      await this.#sendAnew(taken, suspectsQueue(taken.queue), { shared, alone: alone + 1 });
      return "moved";
    }
    const count = shared + Math.max(1, taken.deliveryCount);
    if (count <= sharedLosses && this.#keepsPlace(spec, taken)) return "run";
    if (count <= sharedLosses || spec === undefined || spec.owner === "celery") {
      if (count > sharedLosses && count >= limit) return workerLost(task, `was delivered ${count} times, and each time`);
      await this.#sendAnew(taken, taken.queue, { shared: count, alone });
      return "moved";
    }
    return this.#putAside(taken, spec, task, { shared: count, alone });
  }

  /**
   * Counts a handler that was lost with its thread or process. Its worker lives, and nothing else ran there: so it counts as if
   * the request had run alone.
   * @param how it was lost
   * @returns `moved` when its message was sent anew, and it is settled; an error when it was lost too often
   */
  async countHandler(taken: Taken, task: string, how: string): Promise<"moved" | LigatureError> {
    const { shared, alone } = this.written(taken);
    const limit = this.#queues.get(taken.queue)?.deliveryLimit ?? Number.POSITIVE_INFINITY;
    if (alone + 1 >= limit) {
      return new LigatureError("WORKER_LOST", `${task} lost its handler ${alone + 1} times before it finished. ${how}`);
    }
    await this.#sendAnew(taken, taken.alone ? suspectsQueue(taken.queue) : taken.queue, { shared, alone: alone + 1 });
    return "moved";
  }

  /** On purpose, and so no loss. Near its place, where that does no harm; else at the end of its queue. Never rejects. */
  async giveBack(taken: Taken): Promise<void> {
    const { shared, alone } = this.written(taken);
    const spec = this.#queues.get(taken.queue);
    // As long as no worker takes it for a suspect, one delivery more in the broker's count is nothing.
    if (!taken.alone && shared + taken.deliveryCount < sharedLosses && this.#keepsPlace(spec, taken)) return taken.requeue();
    try {
      const queue = taken.alone ? suspectsQueue(taken.queue) : taken.queue;
      await this.#broker.publish(anew(taken.message, queue, { shared, alone }), { giveUpAt: Date.now() + returnTimeout });
      taken.ack();
    } catch (error) {
      this.#log.debug({ queue: taken.queue, err: error }, "a request returns as a redelivery, which counts as a loss");
      taken.requeue();
    }
  }

  /**
   * Before the broker's own limit is reached by a request that still runs here, it gets a message without a past.
   * @returns whether it did
   */
  async renew(taken: Taken): Promise<boolean> {
    const spec = this.#queues.get(taken.queue);
    if (taken.alone || spec === undefined || taken.deliveryCount + spare < spec.deliveryLimit) return false;
    await this.#sendAnew(taken, taken.queue, this.written(taken));
    return true;
  }

  /** The broker counts deliveries of its own, so it can be left where it is, and may return once more. */
  #keepsPlace(spec: QueueSpec | undefined, { deliveryCount }: Taken): boolean {
    return spec?.type === "quorum" && deliveryCount < spec.deliveryLimit;
  }

  async #putAside(
    taken: Taken,
    spec: QueueSpec,
    task: string,
    losses: Omit<LossCount, "known">,
  ): Promise<"moved" | LigatureError> {
    const { message, queue } = taken;
    try {
      await this.#broker.declare({ kind: "suspects", spec }, { giveUpAt: asLongAsItTakes });
    } catch (error) {
      if (!(error instanceof LigatureError) || error.code === "CLOSED") throw error;
      this.#log.error({ queue: suspectsQueue(queue), err: error }, "suspects can't be put aside, and run beside others");
      if (losses.shared >= spec.deliveryLimit) return workerLost(task, `was delivered ${losses.shared} times, and each time`);
      await this.#sendAnew(taken, queue, losses);
      return "moved";
    }
    this.#log.warn(
      { task, id: message.headers["id"], losses: losses.shared },
      "workers were lost while they held this request; it waits until one runs it alone",
    );
    await this.#sendAnew(taken, suspectsQueue(queue), losses);
    this.#onSuspect(spec);
    return "moved";
  }

  async #sendAnew(taken: Taken, queue: string, losses: Omit<LossCount, "known">): Promise<void> {
    const copy = anew(taken.message, queue, losses);
    await persist(() => this.#broker.publish(copy, { giveUpAt: asLongAsItTakes }), this.#log);
    taken.ack();
  }
}

function workerLost(task: string, what: string): LigatureError {
  return new LigatureError("WORKER_LOST", `${task} ${what} its worker was lost before it finished.`);
}

function anew(message: Message, queue: string, { shared, alone }: Omit<LossCount, "known">): Message {
  const { "x-death": _death, ...headers } = message.headers;
  const losses: Headers = {
    [ligatureHeaders.losses]: shared,
    ...(alone > 0 && { [ligatureHeaders.lossesAlone]: alone }),
  };
  const { [ligatureHeaders.lossesAlone]: _alone, ...others } = headers;
  return { ...message, exchange: "", routingKey: queue, headers: { ...others, ...losses } };
}

/** Anybody may have written it. */
function countIn(value: unknown): number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : 0;
}

function wasParked(deaths: unknown, queue: string): boolean {
  if (!Array.isArray(deaths)) return false;
  return deaths.some(
    (death: unknown) =>
      typeof death === "object" &&
      death !== null &&
      "queue" in death &&
      (death.queue === queue || death.queue === suspectsQueue(queue) || death.queue === entryQueue(queue)),
  );
}
