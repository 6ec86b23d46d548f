import type { Message } from "../../protocol/index.ts";
import { deferred, type Deferred } from "../../timing/index.ts";
import type { Claim } from "../broker.ts";
import type { QueueEntry } from "./queue-entry.ts";

/** What a queue gives to whoever claims it. */
export interface ClaimableQueue {
  /** Everything that is ready, in order. */
  takeAll(): readonly QueueEntry[];
  takeBack(entry: QueueEntry): void;
  /** Deletes it. */
  delete(): void;
  /** The first one came, or the last one has gone. */
  onUse(used: boolean): void;
}

/** Who wants all of a queue, in order: the first is served once there is a message, the next when the first has gone. */
export class QueueClaims {
  readonly #queue: ClaimableQueue;
  /** The first one's turn it is. */
  readonly #line: MemoryClaim[] = [];

  constructor(queue: ClaimableQueue) {
    this.#queue = queue;
  }

  request(): MemoryClaim {
    const claim = new MemoryClaim(this.#queue, () => this.#leave(claim));
    this.#line.push(claim);
    if (this.#line.length === 1) this.#queue.onUse(true);
    this.serve();
    return claim;
  }

  /** There may be something now. */
  serve(): void {
    this.#line[0]?.serve();
  }

  /** The queue was deleted. */
  end(): void {
    for (const claim of this.#line.splice(0)) claim.end();
  }

  #leave(claim: MemoryClaim): void {
    const index = this.#line.indexOf(claim);
    if (index === -1) return;
    this.#line.splice(index, 1);
    if (this.#line.length === 0) this.#queue.onUse(false);
    else this.serve();
  }
}

/** Waiting → (its turn, and a message) → held → (release, delete, its broker is closed) → over. */
export class MemoryClaim implements Claim {
  readonly #queue: ClaimableQueue;
  readonly #onOver: () => void;
  readonly #taken: Deferred<Claim | undefined> = deferred();
  readonly #over: Deferred<void> = deferred();
  #entries: readonly QueueEntry[] = [];
  #state: "waiting" | "held" | "over" = "waiting";

  constructor(queue: ClaimableQueue, onOver: () => void) {
    this.#queue = queue;
    this.#onOver = onOver;
    this.#taken.promise.catch(() => {});
  }

  /** Itself once it is held; undefined when the queue has gone. */
  get taken(): Promise<Claim | undefined> {
    return this.#taken.promise;
  }

  /** Resolves when it waits and holds no longer. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  get messages(): readonly Message[] {
    return this.#entries.map(({ message }) => message);
  }

  serve(): void {
    if (this.#state !== "waiting") return;
    const entries = this.#queue.takeAll();
    if (entries.length === 0) return;
    this.#entries = entries;
    this.#state = "held";
    this.#taken.resolve(this);
  }

  end(): void {
    this.#state = "over";
    this.#taken.resolve(undefined);
    this.#over.resolve();
  }

  /** Has an effect as long as it waits. */
  giveUp(): void {
    if (this.#state !== "waiting") return;
    this.#taken.resolve(undefined);
    this.#giveBack(new Set());
  }

  /** Its broker is closed. */
  cancel(reason: Error): void {
    this.#taken.reject(reason);
    this.#giveBack(new Set());
  }

  async release(done: readonly Message[]): Promise<void> {
    this.#giveBack(new Set(done));
  }

  async deleteQueue(): Promise<void> {
    if (this.#state === "held") this.#queue.delete();
  }

  #giveBack(done: ReadonlySet<Message>): void {
    if (this.#state === "over") return;
    this.#state = "over";
    for (const entry of this.#entries) if (!done.has(entry.message)) this.#queue.takeBack(entry);
    this.#onOver();
    this.#over.resolve();
  }
}
