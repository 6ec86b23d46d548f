import type { Delivery } from "../../broker/index.ts";
import type { Message } from "../../protocol/index.ts";

/** How a delivery was settled. */
export type Settlement = "ack" | "requeue" | "deadLetter";

/** Where a delivery was taken from. */
export interface Origin {
  /** The task queue that it belongs to. */
  readonly queue: string;
  /** It is a suspect, which runs while nothing else does. */
  readonly alone: boolean;
}

/**
 * A delivery in this worker's hands. When the broker gives out its message again meanwhile, the new delivery takes the old
 * one's place, which is void: see {@link Taken.adopt}.
 */
export class Taken implements Delivery {
  readonly message: Message;
  readonly queue: string;
  readonly alone: boolean;
  readonly redelivered: boolean;
  readonly deliveryCount: number;
  readonly #giveBack: (taken: Taken) => Promise<void>;
  #delivery: Delivery;
  #settlement: Settlement | undefined;

  constructor(delivery: Delivery, { queue, alone }: Origin, giveBack: (taken: Taken) => Promise<void>) {
    this.message = delivery.message;
    this.queue = queue;
    this.alone = alone;
    this.redelivered = delivery.redelivered;
    this.deliveryCount = delivery.deliveryCount;
    this.#delivery = delivery;
    this.#giveBack = giveBack;
  }

  get settlement(): Settlement | undefined {
    return this.#settlement;
  }

  ack(): void {
    this.settle("ack");
  }

  requeue(): void {
    this.settle("requeue");
  }

  deadLetter(): void {
    this.settle("deadLetter");
  }

  settle(settlement: Settlement): void {
    if (this.#settlement !== undefined) return;
    this.#settlement = settlement;
    this.#delivery[settlement]();
  }

  /** Back into its queue on purpose, so that the next worker doesn't take it for a loss. Never rejects. */
  async giveBack(): Promise<void> {
    if (this.#settlement === undefined) await this.#giveBack(this);
  }

  /** The same message was given out again: from now on this settles that delivery, or has done so already. */
  adopt(again: Taken): void {
    if (this.#settlement !== undefined) again.settle(this.#settlement);
    else this.#delivery = again.#delivery;
    again.#settlement = this.#settlement ?? "ack";
  }
}
