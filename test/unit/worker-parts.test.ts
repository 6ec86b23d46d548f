import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { retryDelay } from "../../src/dist/contract/index.js";
import { ProgressReporter, Revocations } from "../../src/dist/worker/request/index.js";

describe("ProgressReporter", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("sends the first report at once, then the latest per interval, in order", async () => {
    const sent: unknown[] = [];
    const reporter = new ProgressReporter(100, async (value) => void sent.push(value));
    for (const value of [1, 2, 3]) reporter.report(value);
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual([1]);
    await vi.advanceTimersByTimeAsync(100);
    expect(sent).toEqual([1, 3]);
    reporter.report(4);
    await reporter.finish();
    expect(sent).toEqual([1, 3, 4]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("sends nothing after it has finished", async () => {
    const sent: unknown[] = [];
    const reporter = new ProgressReporter(100, async (value) => void sent.push(value));
    await reporter.finish();
    reporter.report("late");
    await vi.advanceTimersByTimeAsync(1000);
    expect(sent).toEqual([]);
  });
});

describe("Revocations", () => {
  it("forgets after three hours, and the oldest beyond 50,000", () => {
    const revocations = new Revocations();
    revocations.add("old", 0);
    expect(revocations.has("old", 3 * 3600 * 1000 - 1)).toBe(true);
    expect(revocations.has("old", 3 * 3600 * 1000 + 1)).toBe(false);
    for (let n = 0; n <= 50_000; n += 1) revocations.add(String(n), 0);
    expect(revocations.has("0", 1)).toBe(false);
    expect(revocations.has("50000", 1)).toBe(true);
  });
});

describe("retryDelay", () => {
  const policy = { limit: 10, backoff: "exponential", delay: 1000, maxDelay: 10_000, jitter: false, on: [] } as const;

  it("doubles up to the longest delay", () => {
    expect([0, 1, 2, 3, 4, 99].map((retries) => retryDelay(policy, retries))).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000]);
  });

  it("stays the same when fixed", () => {
    expect(retryDelay({ ...policy, backoff: "fixed" }, 7)).toBe(1000);
  });

  it("spreads over the upper half with jitter", () => {
    expect(retryDelay({ ...policy, jitter: true }, 0, () => 0)).toBe(500);
    expect(retryDelay({ ...policy, jitter: true }, 0, () => 0.999_999)).toBe(1000);
  });
});
