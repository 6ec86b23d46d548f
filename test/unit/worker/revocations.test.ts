import { describe, expect, it } from "vitest";
import { recordLog } from "../../support/log-recorder.ts";
import { Revocations } from "../../../src/dist/worker/request/index.js";

describe("Revocations", () => {
  const days = 24 * 3600 * 1000;

  it("forgets once nothing could run any more, the oldest beyond 50,000, and says so once", () => {
    const { log, lines } = recordLog();
    const revocations = new Revocations(log);
    revocations.add("soon", 0, 1000);
    revocations.add("old", 0);
    revocations.add("far", 0, 400 * days);
    revocations.add("over", 1000, 1000);
    for (const [id, last] of [
      ["soon", 1000],
      ["old", 180 * days],
      ["far", 180 * days],
    ] as const) {
      expect(revocations.has(id, last - 1)).toBe(true);
      expect(revocations.has(id, last)).toBe(false);
    }
    expect(revocations.has("over", 1000)).toBe(false);
    for (let n = 0; n <= 50_000; n += 1) revocations.add(String(n), 0);
    expect(revocations.has("0", 1)).toBe(false);
    expect(revocations.has("50000", 1)).toBe(true);
    revocations.add("more", 0);
    expect(lines).toMatchObject([{ level: "warn", fields: { remembered: 50_000 } }]);
  });
});
