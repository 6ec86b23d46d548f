import type { Broker, Consumer, Delivery } from "../../broker/index.ts";
import { LigatureError } from "../../errors/index.ts";
import type { Logger } from "../../logging/index.ts";
import { decodeResult } from "../../protocol/index.ts";
import { pause } from "../../timing/index.ts";
import { copyOfLatest, isLatestResult } from "./latest-result.ts";

/** Milliseconds between two looks whether the owner is there. */
const lookEvery = 1000;
/** Milliseconds without a message after which a turn ends. */
const quiet = 100;
/** Messages that one turn takes at most. */
const prefetch = 1000;

/**
 * The reply queue of a process that may be gone. As long as we wait for a result that would come there, it is looked after:
 *
 *   looking  once a second. Somebody consumes from it, or there is nothing new ─▶ looking.  It is gone ─▶ over.
 *            Nobody does, and there is something ─▶ turn
 *   turn     we are its only consumer, for a moment. What is for a latest-result queue goes there, and is acknowledged then; all else
 *            goes back to its place, since the owner may only have lost its connection.  ─▶ looking
 */
export class OrphanQueue {
  readonly #name: string;
  readonly #broker: Broker;
  readonly #log: Logger;
  readonly #stop = new AbortController();
  #users = 0;
  /** How many messages the last turn left behind; the same number again is nothing new. */
  #left = 0;
  #looks = 0;

  constructor(name: string, options: { readonly broker: Broker; readonly log: Logger }) {
    this.#name = name;
    this.#broker = options.broker;
    this.#log = options.log;
  }

  get isUnused(): boolean {
    return this.#users === 0;
  }

  use(): void {
    this.#users += 1;
    // What was left behind may be for the newcomer.
    this.#left = 0;
    if (this.#users === 1) void this.#look();
  }

  release(): void {
    this.#users -= 1;
    if (this.#users === 0) this.#stop.abort();
  }

  async #look(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        const status = await this.#broker.inspect(this.#name);
        // It expired, or its owner closed it: there was nothing left for us.
        if (status === undefined) return;
        if (status.consumers === 0 && (status.ready !== this.#left || this.#looks % 30 === 29))
          await this.#takeTurn(status.ready);
        this.#looks += 1;
      } catch (error) {
        if (error instanceof LigatureError && error.code === "CLOSED") return;
        this.#log.debug({ err: error, queue: this.#name }, "A reply queue could not be looked into; trying again.");
      }
      await pause(lookEvery, { signal: this.#stop.signal, ref: false });
    }
  }

  /** @param ready how many messages there are */
  async #takeTurn(ready: number): Promise<void> {
    const turn = new Turn(this.#name, this.#broker, ready);
    const consumer = await this.#broker.consume(this.#name, { prefetch, exclusive: true }, (delivery) => turn.receive(delivery));
    try {
      await turn.over(this.#stop.signal);
      this.#left = ready - turn.passedOn;
    } finally {
      await endTurn(consumer);
    }
  }
}

/** What was not acknowledged is back in its place when this resolves. */
async function endTurn(consumer: Consumer): Promise<void> {
  await consumer.cancel();
  await consumer.close();
}

class Turn {
  readonly #queue: string;
  readonly #broker: Broker;
  readonly #others: Delivery[] = [];
  readonly #moving = new Set<Promise<void>>();
  readonly #ready: number;
  #received = 0;
  #passedOn = 0;

  constructor(queue: string, broker: Broker, ready: number) {
    this.#queue = queue;
    this.#broker = broker;
    this.#ready = ready;
  }

  /** How many have gone to a latest-result queue. */
  get passedOn(): number {
    return this.#passedOn;
  }

  receive(delivery: Delivery): void {
    this.#received += 1;
    const move = this.#move(delivery).finally(() => this.#moving.delete(move));
    this.#moving.add(move);
  }

  /** Resolves when all that was there has been seen, and nothing new has come for a moment. */
  async over(signal: AbortSignal): Promise<void> {
    for (;;) {
      const before = this.#received;
      await pause(quiet, { signal, ref: false });
      await Promise.all(this.#moving);
      if (signal.aborted) return;
      if (this.#others.length === prefetch && this.#received < this.#ready) await this.#makeRoom();
      else if (this.#received === before) return;
    }
  }

  async #move(delivery: Delivery): Promise<void> {
    // What has been through a latest-result queue is its owner's copy.
    const id = isLatestResult(delivery.message) ? undefined : idOf(delivery);
    try {
      if (id !== undefined) {
        await this.#broker.publish(copyOfLatest(id, delivery.message));
        delivery.ack();
        this.#passedOn += 1;
        return;
      }
    } catch {
      // No latest-result queue, or the broker is in trouble: it stays where it was.
    }
    this.#others.push(delivery);
  }

  /** So many are in the way of what is behind them: they go to the end of the queue. */
  async #makeRoom(): Promise<void> {
    for (const delivery of this.#others.splice(0)) {
      const { headers, properties, body } = delivery.message;
      await this.#broker.publish({ exchange: "", routingKey: this.#queue, headers, properties, body });
      delivery.ack();
    }
  }
}

function idOf(delivery: Delivery): string | undefined {
  try {
    return decodeResult(delivery.message).task_id;
  } catch {
    return undefined;
  }
}
