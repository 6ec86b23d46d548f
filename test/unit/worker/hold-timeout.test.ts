import { contract, task } from "ligature/contract";
import { defineContract, type Contract } from "ligature/generated";
import { describe, expect, it } from "vitest";
import { holdTimeoutOf, honoursHoldTimeout } from "../../../src/dist/worker/intake/index.js";

const minute = 60_000;
const definition = contract("slow", {
  tasks: {
    quick: task({ timeLimit: { hard: "10m" } }),
    long: task({ timeLimit: { hard: "45m" } }),
    apart: task({ queue: "apart" }),
  },
});
const fact = { fingerprint: "000000000000" };
const { "~generated": ref } = defineContract<Contract>(definition, { quick: fact, long: fact, apart: fact });
const { queue } = ref.spec;

describe("how long a request may be held", () => {
  it("is the queue's longest hard limit and some, where that is longer than the broker's own", () => {
    expect(holdTimeoutOf(ref, queue)).toBe(50 * minute);
    expect(holdTimeoutOf(ref, { ...queue, name: "apart" })).toBeUndefined();
  });

  it.each([
    ["RabbitMQ 3.10.8", false],
    ["RabbitMQ 3.12.0", false],
    ["RabbitMQ 4.0.5", false],
    ["RabbitMQ 4.2.9", false],
    ["RabbitMQ 4.3.1", true],
    ["RabbitMQ 5.0.0", true],
    [undefined, true],
  ])("%s can be told: %s", (product, expected) => {
    expect(honoursHoldTimeout(product, queue)).toBe(expected);
  });

  it("can't be told for a classic queue, whose consumer RabbitMQ 4.3 refuses over it", () => {
    expect(honoursHoldTimeout("RabbitMQ 4.3.1", { ...queue, type: "classic" })).toBe(false);
  });
});
