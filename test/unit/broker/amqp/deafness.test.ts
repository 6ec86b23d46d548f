import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Deafness } from "../../../../src/dist/broker/amqp/consume/index.js";
import type { QueueStatus } from "../../../../src/dist/broker/index.js";

/** A consumer with a queue in a given state, and what became of it. */
function watched(state: { free?: boolean; status?: QueueStatus | undefined } = {}) {
  const seen = { deaf: 0, idle: 0, restored: 0, asked: 0, free: true, status: { ready: 1, consumers: 0 }, ...state };
  const deafness = new Deafness({
    isFree: () => seen.free,
    inspect: async () => {
      seen.asked += 1;
      return seen.status;
    },
    restore: async () => void (seen.restored += 1),
  });
  const watch = (): (() => void) => deafness.watch((why) => void (seen[why] += 1));
  return { seen, deafness, watch };
}

describe("whether a consumer is deaf", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("shows when messages have been ready for five seconds while it has room; its queue is declared again first", async () => {
    const { seen, watch } = watched();
    const end = watch();
    await vi.advanceTimersByTimeAsync(5000);
    expect(seen.deaf).toBe(0);
    await vi.advanceTimersByTimeAsync(2500);
    expect(seen).toMatchObject({ deaf: 1, restored: 1 });
    end();
  });

  it("shows as well when the queue is gone and nobody told it", async () => {
    const { seen, watch } = watched({ status: undefined });
    watch();
    await vi.advanceTimersByTimeAsync(7500);
    expect(seen).toMatchObject({ deaf: 1, restored: 1 });
  });

  it("isn't asked while it has no room", async () => {
    const { seen, watch } = watched({ free: false });
    watch();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(seen).toMatchObject({ deaf: 0, asked: 0 });
  });

  it("isn't so while messages come", async () => {
    const { seen, deafness, watch } = watched();
    watch();
    for (let second = 0; second < 60; second += 2) {
      await vi.advanceTimersByTimeAsync(2000);
      deafness.heard();
    }
    expect(seen.deaf).toBe(0);
  });

  it("ends with the watch", async () => {
    const { seen, watch } = watched();
    watch()();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(seen).toMatchObject({ deaf: 0, asked: 0 });
  });

  it("is found ever less often where consuming anew doesn't help: another is served first", async () => {
    const { seen, watch } = watched();
    for (const seconds of [7.5, 12.5, 22.5]) {
      const end = watch();
      const before = seen.deaf;
      await vi.advanceTimersByTimeAsync(seconds * 1000 - 2500);
      expect(seen.deaf).toBe(before);
      await vi.advanceTimersByTimeAsync(2500);
      expect(seen.deaf).toBe(before + 1);
      end();
    }
  });

  it("can't be seen of an idle one, which therefore consumes anew now and then, with its queue and bindings declared again", async () => {
    const { seen, watch } = watched({ status: { ready: 0, consumers: 1 } });
    watch();
    await vi.advanceTimersByTimeAsync(27_500);
    expect(seen).toMatchObject({ deaf: 0, idle: 0, restored: 0 });
    await vi.advanceTimersByTimeAsync(2500);
    expect(seen).toMatchObject({ deaf: 0, idle: 1, restored: 1 });
  });
});
