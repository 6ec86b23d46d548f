import { describe, expect, it } from "vitest";
import { outagesOf, parseAddress } from "../../../../src/dist/broker/amqp/connection/index.js";
import { recordLog } from "../../../support/log-recorder.ts";

describe("a broker's URL", () => {
  it("is shown without user and password", () => {
    expect(parseAddress("amqp://some%20one:p%40ss@rabbit.example/orders")).toEqual({
      url: "amqp://rabbit.example/orders?heartbeat=30",
      username: "some one",
      password: "p@ss",
      display: "amqp://rabbit.example:5672/orders",
      virtualHost: "orders",
    });
    expect(parseAddress("amqps://[::1]:5679/%2f?heartbeat=5")).toMatchObject({
      url: "amqps://[::1]:5679/%2f?heartbeat=5",
      username: "guest",
      display: "amqps://[::1]:5679/%2f",
      virtualHost: "/",
    });
    expect(parseAddress("amqps://h").display).toBe("amqps://h:5671");
  });

  it.each([
    "amqp://",
    "amqp://user:s3cret@:5672",
    "amqp://user:s3cret@host:port",
    "amqp://user:s3%cret@host",
    "amqp://user:s3cret@host?heartbeat=x",
  ])("%s is refused without being repeated", (url) => {
    expect(() => parseAddress(url)).toThrow(/^\[INVALID_OPTION\] The broker's URL can't be used: (?!.*s3)/);
  });
});

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
