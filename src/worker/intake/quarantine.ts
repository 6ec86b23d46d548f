import { suspectsQueue, type Broker, type Consumer, type Delivery } from "../../broker/index.ts";
import type { QueueSpec } from "../../contract/index.ts";
import type { Logger } from "../../logging/index.ts";
import { deferred, settlesWithin } from "../../timing/index.ts";
import type { Taken } from "../request/index.ts";
import type { Slots } from "./slots.ts";

/** Milliseconds between two looks for suspects that nobody has told of. */
const lookEvery = 5 * 60_000;
/** Between two turns, while there are suspects. */
const betweenTurns = 2000;
/** How long a turn waits for a suspect: another worker may be at it. */
const quiet = 2000;
/** After this a turn ends with the suspect that runs, so that the others have theirs. */
const longestTurn = 30_000;
/** How long a worker starts nothing else while it waits for what runs; doubled each time in vain. */
const firstPatience = 60_000;
const longestPatience = 3600_000;

/**
 * Runs suspects, each while nothing else runs in this worker; so when the worker is lost, it is known what did it. Nothing is
 * taken before the worker is idle: until then another one may take it.
 *
 *   waiting   for a moment, or for news of suspects.  ─▶ looking
 *   looking   is there one, and no other worker at it?  ─▶ draining
 *   draining  nothing starts.  what ran has ended ─▶ serving; patience is over ─▶ waiting, for longer next time
 *   serving   one suspect after the other.  none left, or the turn is over ─▶ waiting
 */
export class Quarantine {
  readonly #queues: readonly QueueSpec[];
  readonly #broker: Broker;
  readonly #slots: Slots;
  readonly #take: (delivery: Delivery, queue: QueueSpec) => Taken;
  readonly #holdTimeout: (queue: QueueSpec) => number | undefined;
  readonly #log: Logger;
  readonly #stopped = deferred<void>();
  #isStopped = false;
  /** Queues that may have suspects. */
  readonly #suspected = new Set<QueueSpec>();
  #news = deferred<void>();
  #patience = firstPatience;
  #consumer: Consumer | undefined;

  constructor(options: {
    readonly queues: Iterable<QueueSpec>;
    readonly broker: Broker;
    readonly slots: Slots;
    readonly take: (delivery: Delivery, queue: QueueSpec) => Taken;
    readonly holdTimeout: (queue: QueueSpec) => number | undefined;
    readonly log: Logger;
  }) {
    this.#queues = [...options.queues].filter(({ owner }) => owner === "ligature");
    this.#broker = options.broker;
    this.#slots = options.slots;
    this.#take = options.take;
    this.#holdTimeout = options.holdTimeout;
    this.#log = options.log;
  }

  /** Before anything else runs: a worker that suspects would end again takes no others along. */
  async start(): Promise<void> {
    await this.#round(this.#queues);
    void this.#run();
  }

  /** There may be suspects. */
  notice(queue: QueueSpec): void {
    this.#suspected.add(queue);
    this.#news.resolve();
  }

  /** Takes no more. What runs is in the slots. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stopped.resolve();
    await this.#consumer?.cancel();
  }

  async close(): Promise<void> {
    await this.#consumer?.close();
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      const wait = this.#suspected.size > 0 ? betweenTurns : lookEvery;
      if (wait === lookEvery) await settlesWithin(Promise.race([this.#news.promise, this.#stopped.promise]), wait);
      else await settlesWithin(this.#stopped.promise, wait);
      const all = this.#suspected.size === 0;
      this.#news = deferred();
      await this.#round(all ? this.#queues : [...this.#suspected]);
    }
  }

  async #round(queues: readonly QueueSpec[]): Promise<void> {
    for (const queue of queues) {
      if (this.#isStopped) return;
      try {
        await this.#turn(queue);
      } catch (error) {
        this.#log.debug({ queue: suspectsQueue(queue.name), err: error }, "suspects can't be looked for now");
      }
    }
  }

  async #turn(queue: QueueSpec): Promise<void> {
    const status = await this.#broker.inspect(suspectsQueue(queue.name));
    if (status === undefined || status.ready === 0) {
      this.#suspected.delete(queue);
      return;
    }
    this.#suspected.add(queue);
    if (status.consumers > 0) return;
    this.#slots.hold();
    try {
      if (!(await this.#drained(queue))) return;
      await this.#serve(queue);
    } finally {
      this.#slots.release();
    }
  }

  async #drained(queue: QueueSpec): Promise<boolean> {
    const { running } = this.#slots;
    if (running > 0) this.#log.info({ queue: queue.name, running }, "waits for what runs, to run a suspect alone");
    const end = Date.now() + this.#patience;
    while (!(await this.#slots.finished(Math.min(betweenTurns, end - Date.now()))) && Date.now() < end) {
      const status = await this.#broker.inspect(suspectsQueue(queue.name));
      // Another worker was idle first.
      if (this.#isStopped || status === undefined || status.ready === 0 || status.consumers > 0) return false;
    }
    if (this.#slots.running === 0) {
      this.#patience = firstPatience;
      return !this.#isStopped;
    }
    this.#log.info({ queue: queue.name, waitedMs: this.#patience }, "goes on with other requests; a suspect waits");
    const inVain = this.#patience;
    this.#patience = Math.min(longestPatience, 2 * inVain);
    this.#slots.release();
    // As long with the others as without them.
    await settlesWithin(this.#stopped.promise, inVain);
    return false;
  }

  async #serve(queue: QueueSpec): Promise<void> {
    let arrival = deferred<Taken>();
    let isOver = false;
    const returned: Promise<void>[] = [];
    const options = { prefetch: 1, holdTimeout: this.#holdTimeout(queue) };
    const consumer = await this.#broker.consume(suspectsQueue(queue.name), options, (delivery) => {
      const taken = this.#take(delivery, queue);
      if (isOver) returned.push(taken.giveBack());
      else arrival.resolve(taken);
    });
    this.#consumer = consumer;
    const end = Date.now() + longestTurn;
    try {
      while (!this.#isStopped && Date.now() < end) {
        const arrived = await settlesWithin(Promise.race([arrival.promise, this.#stopped.promise]), quiet);
        if (!arrived || this.#isStopped) break;
        const taken = await arrival.promise;
        arrival = deferred();
        await this.#slots.runAlone(taken);
      }
    } finally {
      isOver = true;
      // One that has come meanwhile isn't begun.
      void arrival.promise.then((taken) => returned.push(taken.giveBack()));
      await consumer.cancel();
      await Promise.all(returned);
      await consumer.close();
      this.#consumer = undefined;
    }
  }
}
