import { describe, expect, it } from "vitest";
import { declarationOf, delayedRoute } from "../../../../src/dist/broker/amqp/declare/index.js";
import type { DeclaredQueue } from "../../../../src/dist/broker/index.js";

/** What is declared on a RabbitMQ of some version, by the names of queues. */
async function declaredOn(version: string, queue: DeclaredQueue): Promise<Map<string, Record<string, unknown>>> {
  const queues = new Map<string, Record<string, unknown>>();
  const nothing = async (): Promise<void> => {};
  const channel = {
    connection: { serverProperties: { version } },
    assertExchange: nothing,
    bindQueue: nothing,
    assertQueue: async (name: string, options: { arguments?: Record<string, unknown> }) =>
      void queues.set(name, options.arguments ?? {}),
  };
  await declarationOf(queue).run(channel as never);
  return queues;
}

describe("a dead-letter queue", () => {
  const queue = (type: "quorum" | "classic"): DeclaredQueue => ({
    kind: "task",
    spec: { name: "q", type, deliveryLimit: 10, maxPriority: undefined, owner: "ligature" },
  });

  it.each([
    ["3.10.8", "quorum", { "x-queue-type": "quorum" }],
    ["3.13.7", "quorum", { "x-queue-type": "quorum" }],
    ["4.0.5", "quorum", { "x-queue-type": "quorum", "x-delivery-limit": -1 }],
    ["4.3.6", "quorum", { "x-queue-type": "quorum", "x-delivery-limit": -1 }],
    ["4.3.6", "classic", { "x-queue-type": "classic" }],
  ] as const)("on RabbitMQ %s (%s) has no limit of deliveries", async (version, type, expected) => {
    expect((await declaredOn(version, queue(type))).get("q.dead")).toEqual(expected);
  });
});

describe("the route of a delayed message", () => {
  it.each([
    [1, 7],
    [128, 7],
    [129, 8],
    [300, 8],
    [60_000, 15],
    [180 * 86_400_000, 33],
  ])("of %i ms begins at rung %i, and is the delay in binary", (delay, rung) => {
    const { exchange, routingKey } = delayedRoute(delay, "", "a.queue");
    expect(exchange).toBe(`ligature.delay.${rung}`);
    expect(routingKey).toMatch(/^([01]\.){27}a\.queue$/);
    const digits = routingKey.slice(0, -"a.queue".length).replaceAll(".", "");
    const held = Number.parseInt(digits, 2) * 128;
    expect(held).toBeGreaterThanOrEqual(delay);
    expect(held).toBeLessThan(delay + 128);
    expect(digits.indexOf("1")).toBe(33 - rung);
  });
});
