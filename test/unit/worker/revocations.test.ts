import { describe, expect, it } from "vitest";
import { Revocations } from "../../../src/dist/worker/request/index.js";

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
