import { describe, expect, it, vi } from "vitest";
import type { Delivery } from "../../../src/dist/broker/index.js";
import { newTaskMessage } from "../../../src/dist/protocol/index.js";
import { Ledger } from "../../../src/dist/worker/intake/index.js";
import { Taken } from "../../../src/dist/worker/request/index.js";

function deliver(): { readonly taken: Taken; readonly settled: string[] } {
  const settled: string[] = [];
  const message = { exchange: "", routingKey: "q", headers: {}, properties: {}, body: Buffer.from("") };
  const delivery: Delivery = {
    message,
    queue: "q",
    redelivered: false,
    deliveryCount: 0,
    ack: () => void settled.push("ack"),
    requeue: () => void settled.push("requeue"),
    deadLetter: () => void settled.push("deadLetter"),
  };
  return { taken: new Taken(delivery, { queue: "q", alone: false }, async (each) => each.requeue()), settled };
}

const message = newTaskMessage({ id: "1", task: "t" });

describe("a delivery that is adopted", () => {
  it("is settled in place of the one before", () => {
    const [first, second, third] = [deliver(), deliver(), deliver()];
    first.taken.adopt(second.taken);
    first.taken.adopt(third.taken);
    first.taken.ack();
    first.taken.requeue();
    expect([first.settled, second.settled, third.settled]).toEqual([[], [], ["ack"]]);
  });

  it("is settled at once as the one before was", () => {
    const [first, second] = [deliver(), deliver()];
    first.taken.deadLetter();
    first.taken.adopt(second.taken);
    expect([first.settled, second.settled]).toEqual([["deadLetter"], ["deadLetter"]]);
  });

  it("isn't given back by itself", async () => {
    const [first, second] = [deliver(), deliver()];
    first.taken.adopt(second.taken);
    await second.taken.giveBack();
    expect(second.settled).toEqual([]);
    await first.taken.giveBack();
    expect([first.settled, second.settled]).toEqual([[], ["requeue"]]);
  });
});

describe("the ledger of a worker", () => {
  it("knows what runs, and how it was settled once it was concluded", () => {
    const ledger = new Ledger();
    const { taken } = deliver();
    ledger.begin(message, taken);
    expect(ledger.running(message)).toBe(taken);
    expect(ledger.running({ ...message, retries: 1 })).toBeUndefined();
    expect(ledger.running({ ...message, generation: 1 })).toBeUndefined();
    taken.ack();
    ledger.end(message, taken, true);
    expect(ledger.running(message)).toBeUndefined();
    expect(ledger.concluded(message)).toBe("ack");
    expect(ledger.concluded({ ...message, retries: 1 })).toBeUndefined();
    expect(ledger.concluded({ ...message, generation: 1 })).toBeUndefined();
  });

  it("doesn't take for concluded what was postponed or given back", () => {
    const ledger = new Ledger();
    const [postponed, returned] = [deliver().taken, deliver().taken];
    ledger.begin(message, postponed);
    postponed.ack();
    ledger.end(message, postponed, false);
    expect(ledger.concluded(message)).toBeUndefined();
    ledger.begin(message, returned);
    returned.requeue();
    ledger.end(message, returned, true);
    expect(ledger.concluded(message)).toBeUndefined();
  });

  it("forgets: after an hour, and the oldest of ten thousand", () => {
    vi.useFakeTimers();
    try {
      const ledger = new Ledger();
      const conclude = (id: string): void => {
        const { taken } = deliver();
        taken.ack();
        ledger.end({ ...message, id }, taken, true);
      };
      for (let index = 0; index <= 10_000; index += 1) conclude(String(index));
      expect(ledger.concluded({ ...message, id: "0" })).toBeUndefined();
      expect(ledger.concluded({ ...message, id: "1" })).toBe("ack");
      vi.advanceTimersByTime(3600_001);
      expect(ledger.concluded({ ...message, id: "1" })).toBeUndefined();
    } finally {
      vi.useRealTimers();
    }
  });
});
