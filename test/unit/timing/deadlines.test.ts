import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Deadlines } from "../../../src/dist/timing/index.js";

class Entry {
  readonly name: string;
  readonly log: string[];
  constructor(name: string, log: string[]) {
    this.name = name;
    this.log = log;
  }
  expire(): void {
    this.log.push(this.name);
  }
}

describe("Deadlines", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("expires entries in order of time, whatever the order of adding", () => {
    const log: string[] = [];
    const deadlines = new Deadlines();
    const now = Date.now();
    for (const [name, ms] of [
      ["c", 300],
      ["a", 100],
      ["b", 200],
      ["a2", 100],
    ] as const)
      deadlines.add(new Entry(name, log), now + ms);
    vi.advanceTimersByTime(110);
    expect(log).toEqual(["a", "a2"]);
    vi.advanceTimersByTime(1000);
    expect(log).toEqual(["a", "a2", "b", "c"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("never expires early", () => {
    const log: string[] = [];
    const deadlines = new Deadlines();
    deadlines.add(new Entry("x", log), Date.now() + 1000);
    vi.advanceTimersByTime(999);
    expect(log).toEqual([]);
    vi.advanceTimersByTime(11);
    expect(log).toEqual(["x"]);
  });

  it("holds one timer for any number of entries, and none when all are removed", () => {
    const log: string[] = [];
    const deadlines = new Deadlines();
    const at = Date.now() + 30_000;
    const entries = Array.from({ length: 1000 }, (_, n) => new Entry(String(n), log));
    entries.forEach((entry, n) => deadlines.add(entry, at + n));
    expect(vi.getTimerCount()).toBe(1);
    entries.forEach((entry, n) => deadlines.remove(entry, at + n));
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(60_000);
    expect(log).toEqual([]);
  });

  it("lets an earlier deadline overtake, and waits longer than a timer can", () => {
    const log: string[] = [];
    const deadlines = new Deadlines();
    const day = 24 * 3600 * 1000;
    deadlines.add(new Entry("40 days", log), Date.now() + 40 * day);
    deadlines.add(new Entry("1 s", log), Date.now() + 1000);
    vi.advanceTimersByTime(2000);
    expect(log).toEqual(["1 s"]);
    vi.advanceTimersByTime(39 * day);
    expect(log).toEqual(["1 s"]);
    vi.advanceTimersByTime(2 * day);
    expect(log).toEqual(["1 s", "40 days"]);
  });

  it("takes infinity as never", () => {
    const deadlines = new Deadlines();
    deadlines.add(new Entry("never", []), Number.POSITIVE_INFINITY);
    expect(vi.getTimerCount()).toBe(0);
  });
});
