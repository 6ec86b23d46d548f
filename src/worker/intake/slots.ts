import type { LigatureError } from "../../errors/index.ts";
import { settlesWithin } from "../../timing/index.ts";
import type { Taken } from "../request/index.ts";

/** Something that runs for one delivery and can be told to stop. */
export interface Stoppable {
  readonly id: string;
  readonly rootId: string;
  /** Celery's stamps of the request, by name. */
  readonly stamps: ReadonlyMap<string, readonly unknown[]>;
  abort(reason: LigatureError): void;
  /** Nobody waits for it any longer. */
  giveUp(): void;
}

/** The running of one delivery; `request` is set once its message has been read. */
export interface Slot {
  readonly taken: Taken;
  request: Stoppable | undefined;
}

/** At most `concurrency` deliveries run; what the broker hands out beyond that waits here, first come first served. */
export class Slots {
  readonly #concurrency: number;
  readonly #process: (taken: Taken, slot: Slot) => Promise<void>;
  readonly #running = new Map<Slot, Promise<void>>();
  readonly #waiting: Taken[] = [];
  readonly #returning = new Set<Promise<void>>();
  #state: "open" | "paused" | "closed" = "open";
  /** Nothing is started but what is to run alone. */
  #held = false;

  /** @param process must not reject */
  constructor(concurrency: number, process: (taken: Taken, slot: Slot) => Promise<void>) {
    this.#concurrency = concurrency;
    this.#process = process;
  }

  get running(): number {
    return this.#running.size;
  }

  push(taken: Taken): void {
    if (this.#state === "closed") this.#giveBack(taken);
    else if (this.#hasRoom) void this.#run(taken);
    else this.#waiting.push(taken);
  }

  /** Starts nothing more until `release()`. */
  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    while (this.#hasRoom && this.#startNext());
  }

  /** Runs one while nothing else does: after `hold()`, when all has finished. */
  async runAlone(taken: Taken): Promise<void> {
    if (this.#state === "open") await this.#run(taken);
    else await taken.giveBack();
  }

  /** Starts nothing more, but keeps what comes: as long as we consume, whatever is returned would come again. */
  pause(): void {
    this.#state = "paused";
  }

  /** Returns what waits, and what comes from now on, to the queue. */
  close(): void {
    this.#state = "closed";
    for (const taken of this.#waiting.splice(0)) this.#giveBack(taken);
  }

  /** Returns the requests of handlers that don't end. */
  abandon(): void {
    for (const { taken } of this.#running.keys()) this.#giveBack(taken);
  }

  /** Resolves when all that is returned is back in its queue. */
  async returned(): Promise<void> {
    await Promise.all(this.#returning);
  }

  /** Whether everything that runs has finished within the time. */
  async finished(ms: number): Promise<boolean> {
    if (this.#running.size === 0) return true;
    return settlesWithin(Promise.all(this.#running.values()), ms);
  }

  abort(reason: LigatureError, of: (request: Stoppable) => boolean = () => true): void {
    for (const { request } of this.#running.keys()) {
      if (request !== undefined && of(request)) request.abort(reason);
    }
  }

  giveUp(): void {
    for (const { request } of this.#running.keys()) request?.giveUp();
  }

  get #hasRoom(): boolean {
    return this.#state === "open" && !this.#held && this.#running.size < this.#concurrency;
  }

  #startNext(): boolean {
    const next = this.#waiting.shift();
    if (next !== undefined) void this.#run(next);
    return next !== undefined;
  }

  #run(taken: Taken): Promise<void> {
    const slot: Slot = { taken, request: undefined };
    const done = this.#process(taken, slot).then(() => {
      this.#running.delete(slot);
      if (this.#hasRoom) this.#startNext();
    });
    this.#running.set(slot, done);
    return done;
  }

  #giveBack(taken: Taken): void {
    const returning = taken.giveBack().finally(() => this.#returning.delete(returning));
    this.#returning.add(returning);
  }
}
