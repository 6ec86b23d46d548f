import { describe, expect, it } from "vitest";
import { delayedRoute } from "../../../../src/dist/broker/amqp/declare/index.js";

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
