import { randomUUID } from "node:crypto";
import { silentLogger } from "ligature";
import { QueueBarrier } from "../../src/dist/backend/queue-barrier/index.js";
import type { Broker, Claim } from "../../src/dist/broker/index.js";
import { LigatureError } from "../../src/dist/errors/index.js";
import type { Packed } from "../../src/dist/protocol/index.js";
import { countReady } from "./broker-bench.ts";

/** What a simulated chord goes through. */
export interface Plan {
  readonly size: number;
  /** How many requests a process runs at a time, for each process that serves at once. */
  readonly processes: readonly number[];
  /** The first processes, in the order of their start, are killed after so many steps; all others live. */
  readonly kills: readonly number[];
  /** Members whose requests are delivered twice though nothing happened. */
  readonly duplicates: readonly number[];
  /** Members that fail, in so many of their first runs. */
  readonly failures: ReadonlyMap<number, number>;
  /** Which of the waiting requests is next: a number for each choice, used in turn. */
  readonly choices: readonly number[];
}

export interface Outcome {
  readonly bodies: (readonly unknown[])[];
  readonly failures: number[];
  readonly kills: number;
  /** Whether the chord's queue is still there. */
  readonly leftOver: boolean;
}

/** A worker's process: all that it asks of the broker, and the body that it sends, are steps; the last one kills it. */
class Process {
  readonly #open: () => Broker;
  readonly #broker: Broker;
  #steps: number;
  isDead = false;

  constructor(open: () => Broker, steps: number) {
    this.#open = open;
    this.#broker = open();
    this.#steps = steps;
  }

  /** Killed before a step, or with half a step left after it: then nobody here learns that it was done. */
  async step<T>(act: () => Promise<T>): Promise<T> {
    this.#live();
    this.#steps -= 1;
    if (this.#steps <= 0) await this.#die();
    this.#live();
    const isLast = this.#steps === 0.5;
    const result = await act();
    if (isLast) await this.#die();
    this.#live();
    return result;
  }

  barrier(expires: number): QueueBarrier {
    const broker = this.#broker;
    const wrapped: Pick<Broker, "declare" | "publish" | "inspect" | "claim"> = {
      declare: (...args) => this.step(() => broker.declare(...args)),
      publish: (...args) => this.step(() => broker.publish(...args)),
      inspect: (...args) => this.step(() => broker.inspect(...args)),
      claim: (...args) =>
        this.step(async () => {
          const claim = await broker.claim(...args);
          return claim === undefined ? undefined : this.#wrap(claim);
        }),
    };
    return new QueueBarrier({ broker: wrapped as Broker, log: silentLogger, expires });
  }

  #wrap(claim: Claim): Claim {
    return {
      messages: claim.messages,
      release: (done) => this.step(() => claim.release(done)),
      deleteQueue: () => this.step(() => claim.deleteQueue()),
    };
  }

  #live(): void {
    if (this.isDead) throw new LigatureError("CLOSED", "The process was killed.");
  }

  async #die(): Promise<void> {
    this.isDead = true;
    await this.#broker.close();
  }

  next(steps: number): Process {
    return new Process(this.#open, steps);
  }
}

/** Runs a chord's header to its end, the requests going back to the queue when their process is killed. */
export async function simulate(plan: Plan, open: () => Broker): Promise<Outcome> {
  const groupId = randomUUID();
  const watcher = open();
  const outcome = { bodies: [] as (readonly unknown[])[], failures: [] as number[], kills: 0 };
  await new QueueBarrier({ broker: watcher, log: silentLogger, expires: 60_000 }).open({ groupId, size: plan.size });

  const waiting = [...Array.from({ length: plan.size }, (_, index) => index), ...plan.duplicates];
  const runs = new Map<number, number>();
  let choices = 0;
  let started = 0;
  const take = (): number | undefined => {
    const choice = plan.choices[choices % plan.choices.length] ?? 0;
    choices += 1;
    return waiting.splice(choice % Math.max(waiting.length, 1), 1)[0];
  };
  const stepsOfNext = (): number => plan.kills[started++] ?? Number.POSITIVE_INFINITY;

  async function runOne(process: Process, index: number): Promise<void> {
    const run = (runs.get(index) ?? 0) + 1;
    runs.set(index, run);
    const barrier = process.barrier(60_000);
    const member = { groupId, index, taskId: `member-${index}`, size: plan.size };
    if (run <= (plan.failures.get(index) ?? 0)) {
      await barrier.fail(member, { json: "no" }, () => process.step(async () => void outcome.failures.push(index)));
      return;
    }
    const join = (results: readonly Packed[]): Promise<void> =>
      process.step(async () => void outcome.bodies.push(results.map(({ json }) => json)));
    await barrier.succeed(member, { json: { index, run: "any" } }, join);
  }

  async function serve(slots: number): Promise<void> {
    let process = new Process(open, stepsOfNext());
    const slot = async (mine: Process): Promise<void> => {
      for (let index = take(); index !== undefined; index = take()) {
        try {
          await runOne(mine, index);
        } catch (error) {
          if (!mine.isDead) throw error;
          waiting.push(index);
          return;
        }
      }
    };
    for (;;) {
      const mine = process;
      await Promise.all(Array.from({ length: slots }, () => slot(mine)));
      if (!mine.isDead) return;
      outcome.kills += 1;
      process = mine.next(stepsOfNext());
    }
  }

  await Promise.all(plan.processes.map(serve));
  // One that others outlived may have left requests when these had nothing more to do.
  while (waiting.length > 0) await serve(2);
  const leftOver = (await countReady(watcher, `ligature.chord.${groupId}`)) !== undefined;
  return { ...outcome, leftOver };
}
