import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ProgressReporter } from "../../../src/dist/worker/request/index.js";

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
