import { describe, expect, it } from "vitest";
import { outagesOf, parseAddress } from "../../../../src/dist/broker/amqp/connection/index.js";
import { recordLog } from "../../../support/log-recorder.ts";

describe("an outage", () => {
  it("of two connections is told once, and ends with the last of them", () => {
    const { log, lines } = recordLog();
    const outages = outagesOf(log, parseAddress("amqp://h"));
    const [one, two] = [{}, {}];
    expect(outages.describe("was too slow")).toBe("RabbitMQ at amqp://h:5672 was too slow");
    outages.failed(one, new Error("connect ECONNREFUSED 127.0.0.1:5672"));
    outages.failed(two, new Error("connect ECONNREFUSED 127.0.0.1:5672"));
    outages.failed(one, new Error("connect ECONNREFUSED 127.0.0.1:5672"));
    expect(outages.describe("was too slow")).toMatch(
      /^RabbitMQ at amqp:\/\/h:5672 has been out of reach for \d+ s: connect ECONNREFUSED/,
    );
    outages.connected(one, "RabbitMQ 4.2.0");
    expect(lines).toHaveLength(1);
    outages.connected(two, "RabbitMQ 4.2.0");
    expect(lines.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      "warn: RabbitMQ at amqp://h:5672 can't be reached: connect ECONNREFUSED 127.0.0.1:5672; retrying",
      "info: connected again to RabbitMQ 4.2.0 at amqp://h:5672",
    ]);
    expect(outages.describe("was too slow")).toBe("RabbitMQ at amqp://h:5672 was too slow");
  });

  it("has a reason even where Node's error has no text of its own", () => {
    const { log, lines } = recordLog();
    const outages = outagesOf(log, parseAddress("amqp://h"));
    outages.failed(
      {},
      new AggregateError([new Error("connect ECONNREFUSED ::1:5672"), new Error("connect ECONNREFUSED 127.0.0.1:5672")]),
    );
    expect(lines[0]?.message).toContain("connect ECONNREFUSED ::1:5672, Error: connect ECONNREFUSED 127.0.0.1:5672");
  });
});
