import { describe, expect, it } from "vitest";
import { brokerBench } from "../../support/broker-bench.ts";
import { brokers } from "../../support/brokers.ts";

describe.each(brokers)("a broker on $name", ({ url }) => {
  const bench = brokerBench(url);

  it("has an address for logs, without credentials", () => {
    const { address } = bench.open();
    expect(address).toMatch(/^(memory|amqps?):\/\/[^@]*$/);
    expect(url().replace(/\/\/.*@/, "//")).toContain(address.replace(/\/$/, ""));
  });

  it("says what it is, once connected", async () => {
    const broker = bench.open();
    await bench.queue(broker);
    expect(broker.product).toMatch(/^(memory|RabbitMQ \d+\.\d+.*)$/);
  });
});
