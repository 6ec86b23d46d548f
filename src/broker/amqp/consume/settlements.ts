import type { Channel, Message } from "amqplib";
import { pause } from "../../../timing/index.ts";

/**
 * RabbitMQ keeps back what it is told beyond 32 settlements that a quorum queue has not processed, and forgets it
 * when the channel closes after its consumer was cancelled (3.10.8: of 500, up to 467 came again). So a burst is
 * given a moment; it takes 10 ms on an idle machine.
 */
const burst = 32;
const burstSpan = 250;
const burstPause = 100;

/**
 * Acknowledges on one channel, in batches: what is done in one turn of the event loop is told at its end, by one
 * `ack(multiple)` up to the highest tag below which nothing is open, and singly above. So a long-running message
 * keeps no other waiting, and tasks that finish in order cost one frame for many.
 *
 * A channel's delivery tags count from 1. After its end, settling has no effect.
 */
export class Settlements {
  readonly #channel: Channel;
  /** All tags up to this one are settled. */
  #bottom = 0;
  /** Settled tags above it. */
  readonly #above = new Set<number>();
  /** Done, and not told yet. */
  #done: number[] = [];
  /** How many were delivered and aren't settled. */
  #open = 0;
  #whenSettled: (() => void) | undefined;
  #scheduled = false;
  #ended = false;
  /** Frames written since `#spanStart`, in epoch milliseconds. */
  #frames = 0;
  #spanStart = 0;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** One more was delivered. */
  take(): void {
    this.#open += 1;
  }

  get open(): number {
    return this.#open;
  }

  /** Resolves when nothing is open, or the channel has ended. */
  async settled(): Promise<void> {
    if (this.#open === 0 || this.#ended) return;
    await new Promise<void>((resolve) => {
      this.#whenSettled = resolve;
    });
  }

  #settle(): void {
    this.#open -= 1;
    if (this.#open === 0) this.#whenSettled?.();
  }

  ack(tag: number): void {
    if (this.#ended) return;
    this.#settle();
    this.#above.add(tag);
    this.#done.push(tag);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  /**
   * Back into the queue, or into the dead letters.
   * n.b. `basic.reject`, since from RabbitMQ 4.3 on a requeueing `basic.nack` isn't counted as a delivery.
   */
  reject(tag: number, requeue: boolean): void {
    if (this.#ended) return;
    this.#settle();
    this.#above.add(tag);
    this.#send(() => this.#channel.reject(withTag(tag), requeue));
  }

  /** Tells all that is done. */
  flush(): void {
    const done = this.#done;
    if (done.length === 0 || this.#ended) return;
    this.#done = [];
    while (this.#above.delete(this.#bottom + 1)) this.#bottom += 1;
    // n.b. the tag of a multiple ack must itself be open: RabbitMQ closes the channel over one that it knows no more.
    let last = 0;
    let covered = 0;
    for (const tag of done) {
      if (tag > this.#bottom) continue;
      covered += 1;
      if (tag > last) last = tag;
    }
    if (covered > 0) this.#send(() => this.#channel.ack(withTag(last), covered > 1));
    if (covered === done.length) return;
    for (const tag of done) {
      if (tag > this.#bottom) this.#send(() => this.#channel.ack(withTag(tag)));
    }
  }

  /** Before the channel is closed: tells all that is done, and leaves RabbitMQ the time to take it in. */
  async finish(): Promise<void> {
    this.flush();
    if (this.#frames > burst && Date.now() - this.#spanStart < 2 * burstSpan) await pause(burstPause);
  }

  /** The channel has closed. */
  end(): void {
    this.#ended = true;
    this.#done = [];
    this.#above.clear();
    this.#whenSettled?.();
  }

  #send(write: () => void): void {
    if (this.#ended) return;
    const now = Date.now();
    if (now - this.#spanStart > burstSpan) {
      this.#spanStart = now;
      this.#frames = 0;
    }
    this.#frames += 1;
    try {
      write();
    } catch {
      // The channel closes; its messages return to the queue by themselves.
      this.end();
    }
  }
}

/** All that amqplib reads of a message to settle it. */
function withTag(deliveryTag: number): Message {
  return { fields: { deliveryTag } } as Message;
}
