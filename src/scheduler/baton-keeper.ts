import { asLongAsItTakes } from "../outgoing/index.ts";
import { persist, type Broker, type Consumer, type Delivery } from "../broker/index.ts";
import { LigatureError } from "../errors/index.ts";
import type { Logger } from "../logging/index.ts";
import { pause } from "../timing/index.ts";
import type { Keeper, KeeperListener } from "./keeper.ts";
import { emptyState, merged, type Change, type ScheduleState } from "./state.ts";

/** Milliseconds for which a baton is held at most: RabbitMQ takes back what is held for 30 minutes. */
const longestHold = 120_000;
/** The baton, and one message more that is merged into it. */
const prefetch = 2;
/** Looks at the queue of the present state, which shows nothing to one while another looks. */
const looks = 20;
const lookAgain = 100;
/** Milliseconds that the state is kept for readers while no scheduler runs: as long as RabbitMQ keeps an unused queue. */
const stateExpires = 40 * 86_400_000;

/**
 * On RabbitMQ alone: what schedulers know together is a message, the baton, in a queue whose messages only one consumer gets at a time.
 * Who has it sends the ticks, then publishes the next baton, and acknowledges this one when that is confirmed. So the baton is never
 * lost. It is there twice when a scheduler is killed in between: both come to the same consumer, which merges them. Changes are batons
 * as well, that say only what has changed.
 *
 *   waiting  another one has the baton, or it is on its way.  a delivery ─▶ holding
 *   holding  `turn` gives the state.  endTurn(), when there is something to write down ─▶ waiting
 */
export class BatonKeeper implements Keeper {
  readonly #broker: Broker;
  readonly #log: Logger;
  readonly #queue: string;
  #consumer: Consumer | undefined;
  #listener: KeeperListener | undefined;
  #held: Delivery[] = [];
  #state: ScheduleState = emptyState;
  #heldSince = 0;
  #isChanged = false;

  constructor(broker: Broker, name: string, log: Logger) {
    this.#broker = broker;
    this.#queue = `ligature.schedules.${name}`;
    this.#log = log;
  }

  async start(listener: KeeperListener): Promise<void> {
    this.#listener = listener;
    await this.#declare(asLongAsItTakes);
    // It is merged with what is there; if nothing is, it is the first.
    await persist(() => this.#publish(emptyState), this.#log);
    this.#consumer = await this.#broker.consume(this.#queue, { prefetch }, (delivery) => this.#receive(delivery));
  }

  async turn(): Promise<ScheduleState | undefined> {
    return this.#held.length === 0 ? undefined : this.#state;
  }

  async take(id: string, slot: number): Promise<boolean> {
    return this.#held.length > 0 && slot > (this.#state.slots[id] ?? Number.NEGATIVE_INFINITY);
  }

  async done(id: string, slot: number, missed: number): Promise<void> {
    const total = (this.#state.missed[id] ?? 0) + missed;
    this.#merge({ slots: { [id]: slot }, missed: missed === 0 ? {} : { [id]: total }, changes: {} });
    this.#isChanged = true;
  }

  async endTurn(): Promise<void> {
    // n.b. a copy: the next baton may be here before its publish is confirmed.
    const held = [...this.#held];
    const mustWrite = this.#isChanged || held.length > 1 || Date.now() - this.#heldSince > longestHold;
    if (held.length === 0 || !mustWrite) return;
    const state = this.#state;
    await persist(() => this.#publish(state), this.#log);
    // n.b. what has come meanwhile stays, to be merged into the next.
    this.#held = this.#held.filter((delivery) => !held.includes(delivery));
    this.#isChanged = false;
    for (const delivery of held) delivery.ack();
    await this.#show(state).catch((error: unknown) => {
      this.#log.debug({ err: error }, "the state of the schedules can't be shown to readers");
    });
  }

  async change(id: string, change: Change): Promise<void> {
    await this.#declare();
    await this.#publish({ slots: {}, missed: {}, changes: { [id]: change } });
  }

  async read(): Promise<ScheduleState> {
    await this.#broker.declare(this.#shown());
    for (let look = 0; look < looks; look += 1) {
      const message = await this.#broker.peek(this.#shown().name);
      if (message !== undefined) return readState(message.body);
      await pause(lookAgain);
    }
    return emptyState;
  }

  async close(): Promise<void> {
    await this.#consumer?.cancel();
    await this.endTurn().catch(() => {});
    // Closing returns the baton, and the next scheduler gets it.
    await this.#consumer?.close();
    this.#held = [];
  }

  #receive(delivery: Delivery): void {
    let state: ScheduleState;
    try {
      state = readState(delivery.message.body);
    } catch (error) {
      this.#log.warn({ queue: this.#queue, err: error }, "a message in the queue of the schedules can't be read; it is dropped");
      delivery.ack();
      return;
    }
    // n.b. what was held when the connection was lost is still among them: acknowledging that has no effect.
    if (this.#held.length === 0) this.#heldSince = Date.now();
    this.#held.push(delivery);
    this.#merge(state);
    this.#listener?.wake();
  }

  #merge(more: ScheduleState): void {
    this.#state = merged(this.#state, more, Date.now());
  }

  async #declare(giveUpAt?: number): Promise<void> {
    const options = giveUpAt === undefined ? {} : { giveUpAt };
    await this.#broker.declare({ kind: "baton", name: this.#queue }, options);
  }

  #publish(state: ScheduleState): Promise<void> {
    return this.#broker.publish({
      exchange: "",
      routingKey: this.#queue,
      headers: {},
      properties: { contentType: "application/json", contentEncoding: "utf-8" },
      body: new TextEncoder().encode(JSON.stringify(state)),
    });
  }

  /** A copy of the state that anybody may look at. */
  async #show(state: ScheduleState): Promise<void> {
    const { name } = this.#shown();
    await this.#broker.declare(this.#shown());
    await this.#broker.publish({
      exchange: "",
      routingKey: name,
      headers: {},
      properties: { contentType: "application/json", contentEncoding: "utf-8" },
      body: new TextEncoder().encode(JSON.stringify(state)),
    });
  }

  #shown(): { readonly kind: "latest-result"; readonly name: string; readonly key: string; readonly expires: number } {
    const name = `${this.#queue}.state`;
    return { kind: "latest-result", name, key: name, expires: stateExpires };
  }
}

function readState(body: Uint8Array): ScheduleState {
  const state = JSON.parse(new TextDecoder().decode(body)) as Partial<ScheduleState> | null;
  if (typeof state !== "object" || state === null || typeof state.slots !== "object") {
    throw new LigatureError("UNREADABLE", "It is no state of schedules.");
  }
  return { slots: state.slots, missed: state.missed ?? {}, changes: state.changes ?? {} };
}
