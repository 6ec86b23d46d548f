import type { TaskEvent } from "../events/index.ts";
import { bucketOf } from "./states.ts";

const minute = 60_000;
const hour = 3_600_000;

interface Counter {
  readonly minute: number;
  readonly name: string;
  readonly queue: string;
  readonly type: string;
  count: number;
  /** Seconds. */
  runtime: number;
}

interface Bucket {
  readonly hour: number;
  readonly name: string;
  readonly kind: string;
  readonly bucket: number;
  count: number;
}

interface ErrorCount {
  readonly minute: number;
  readonly name: string;
  readonly error: string;
  count: number;
}

interface Boot {
  readonly boot: string;
  readonly host: string;
  first_seq: number;
  last_seq: number;
  count: number;
  last_at: number;
}

/** Adds up events without keeping them. The number of different names is bounded; beyond it, names become one. */
export class Tally {
  readonly counters: Map<string, Counter> = new Map();
  readonly histogram: Map<string, Bucket> = new Map();
  readonly errors: Map<string, ErrorCount> = new Map();
  readonly boots: Map<string, Boot> = new Map();
  readonly oddities: Map<string, number> = new Map();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isEmpty(): boolean {
    return [this.counters, this.histogram, this.errors, this.boots, this.oddities].every(({ size }) => size === 0);
  }

  addOddity(reason: string, count = 1): void {
    this.oddities.set(reason, (this.oddities.get(reason) ?? 0) + count);
  }

  addTask(event: TaskEvent, name: string, queue: string, wait: number | undefined): void {
    const room = this.counters.size < this.#limit;
    const from = Math.floor(event.at / minute) * minute;
    const key = `${from}\n${name}\n${queue}\n${event.type}`;
    const [asName, asQueue] = room || this.counters.has(key) ? [name, queue] : ["(others)", "(others)"];
    const counter = entry(this.counters, `${from}\n${asName}\n${asQueue}\n${event.type}`, () => ({
      minute: from,
      name: asName,
      queue: asQueue,
      type: event.type,
      count: 0,
      runtime: 0,
    }));
    counter.count++;
    counter.runtime += event.runtime ?? 0;
    if (event.type === "task-succeeded" && event.runtime !== undefined) this.#addTime(event.at, asName, "run", event.runtime);
    if (wait !== undefined) this.#addTime(event.at, asName, "wait", wait);
    if (event.type === "task-failed") {
      const error = this.errors.size < this.#limit ? (event.error ?? "other") : "(others)";
      entry(this.errors, `${from}\n${asName}\n${error}`, () => ({ minute: from, name: asName, error, count: 0 })).count++;
    }
  }

  addSeq({ boot, seq, host, at }: { boot?: string; seq?: number; host: string; at: number }): void {
    if (boot === undefined || seq === undefined) return;
    const of = entry(this.boots, boot, () => ({ boot, host, first_seq: seq, last_seq: seq, count: 0, last_at: at }));
    of.count++;
    of.first_seq = Math.min(of.first_seq, seq);
    of.last_seq = Math.max(of.last_seq, seq);
    of.last_at = Math.max(of.last_at, at);
  }

  /** Adds what another has counted. */
  addAll(other: Tally): void {
    for (const [key, value] of other.counters) {
      const own = entry(this.counters, key, () => ({ ...value, count: 0, runtime: 0 }));
      own.count += value.count;
      own.runtime += value.runtime;
    }
    for (const [key, value] of other.histogram) entry(this.histogram, key, () => ({ ...value, count: 0 })).count += value.count;
    for (const [key, value] of other.errors) entry(this.errors, key, () => ({ ...value, count: 0 })).count += value.count;
    for (const [key, value] of other.boots) {
      const own = entry(this.boots, key, () => ({ ...value, count: 0 }));
      own.count += value.count;
      own.first_seq = Math.min(own.first_seq, value.first_seq);
      own.last_seq = Math.max(own.last_seq, value.last_seq);
      own.last_at = Math.max(own.last_at, value.last_at);
    }
    for (const [reason, count] of other.oddities) this.addOddity(reason, count);
  }

  #addTime(at: number, name: string, kind: string, seconds: number): void {
    const from = Math.floor(at / hour) * hour;
    const bucket = bucketOf(seconds);
    entry(this.histogram, `${from}\n${name}\n${kind}\n${bucket}`, () => ({ hour: from, name, kind, bucket, count: 0 })).count++;
  }
}

function entry<T>(map: Map<string, T>, key: string, make: () => T): T {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
