import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { after, every, pause, settlesWithin, within } from "../../../src/dist/timing/index.js";

const day = 24 * 3600 * 1000;

describe("timers", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it.each([1, 24, 25, 30, 49, 50, 180, 4000])("fire after %i days, and not before", (days) => {
    let fired = 0;
    after(days * day, () => (fired += 1));
    vi.advanceTimersByTime(Math.max(0, days * day - 1));
    expect(fired).toBe(0);
    vi.advanceTimersByTime(1);
    expect(fired).toBe(1);
    vi.advanceTimersByTime(5000 * day);
    expect(fired).toBe(1);
  });

  it("don't fire once they are cancelled, in whichever part of the wait", () => {
    let fired = 0;
    const timer = after(60 * day, () => (fired += 1));
    vi.advanceTimersByTime(30 * day);
    timer.cancel();
    vi.advanceTimersByTime(60 * day);
    expect(fired).toBe(0);
  });

  it("take infinity as never", () => {
    after(Number.POSITIVE_INFINITY, () => expect.fail());
    expect(vi.getTimerCount()).toBe(0);
  });

  it("repeat", () => {
    let fired = 0;
    const timer = every(30 * day, () => (fired += 1));
    vi.advanceTimersByTime(95 * day);
    expect(fired).toBe(3);
    timer.cancel();
  });

  it("end a wait after more than a month, and not before", async () => {
    let outcome = "waits";
    const never = new Promise<void>(() => {});
    const refused = within(never, Date.now() + 40 * day, () => new Error("too late")).catch((error: Error) => {
      outcome = error.message;
    });
    const settled = settlesWithin(never, 40 * day);
    await vi.advanceTimersByTimeAsync(39 * day);
    expect(outcome).toBe("waits");
    await vi.advanceTimersByTimeAsync(day);
    await refused;
    expect(outcome).toBe("too late");
    expect(await settled).toBe(false);
  });

  it("let a pause pass in real time, and end with its signal", async () => {
    await pause(1);
    const controller = new AbortController();
    const paused = pause(60 * day, { signal: controller.signal });
    controller.abort();
    await paused;
    await pause(60 * day, { signal: controller.signal });
  });
});
