import { describe, expect, it } from "vitest";
import { retryDelay } from "../../../src/dist/contract/index.js";

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
