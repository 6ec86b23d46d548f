import { describe, expect, it } from "vitest";
import { logInbox, openRabbitmq } from "../support/amqp-bench.ts";
import { brokerBench, consumeFrom, messageTo, textOf } from "../support/broker-bench.ts";
import { amqpUrl } from "../support/brokers.ts";
import { recordLog } from "../support/log-recorder.ts";
import { TcpProxy } from "../support/tcp-proxy.ts";

describe("a RabbitMQ that can't be reached at the start", () => {
  const bench = brokerBench(amqpUrl);

  it("is waited for by everything that was asked of it", async () => {
    const { log, lines } = logInbox();
    const proxy = await TcpProxy.reserve(amqpUrl());
    const broker = openRabbitmq({ proxy, log });
    const spec = bench.spec();
    expect(broker.product).toBeUndefined();
    const declared = broker.declare({ kind: "task", spec });
    const consumed = declared.then(() => consumeFrom(broker, spec.name));
    const published = declared.then(() => broker.publish(messageTo(spec.name, "patient")));
    expect(await lines.next()).toMatch(/^warn: RabbitMQ at .+ can't be reached: .*ECONNREFUSED.*; retrying$/);
    await proxy.open();
    await published;
    const { inbox } = await consumed;
    expect(textOf(await inbox.next())).toBe("patient");
    expect(broker.product).toMatch(/^RabbitMQ \d+\.\d+/);
    expect(await lines.next()).toMatch(/^info: connected again to RabbitMQ/);
    expect(lines.unread).toBe(0);
  });

  it.each([
    ["a wrong password", (url: URL) => (url.password = "s3cret-and-wrong"), /it refused the login, check user name and password/],
    ["a virtual host that isn't there", (url: URL) => (url.pathname = "/no%20such"), /it has no virtual host "no such"/],
  ])("because of %s, says so to the log and to whoever publishes, without the password", async (_what, change, reason) => {
    const { log, lines } = recordLog();
    const url = new URL(amqpUrl());
    url.password ||= "guest";
    url.username ||= "guest";
    change(url);
    const broker = openRabbitmq({ url: url.href, log });
    const error = await broker.publish(messageTo("any", "x"), { giveUpAt: Date.now() + 1000 }).catch((given: unknown) => given);
    expect(error).toMatchObject({ code: "NOT_SENT", message: expect.stringMatching(reason) });
    expect(lines).toEqual([{ level: "error", fields: {}, message: expect.stringMatching(reason) }]);
    const texts = JSON.stringify([lines, String(error), broker.address]);
    expect(texts).not.toContain(url.password);
    await broker.close();
  });

  it("ends with close(), and so does whoever waits for it", async () => {
    const proxy = await TcpProxy.reserve(amqpUrl());
    const broker = openRabbitmq({ proxy });
    const outcomes = Promise.allSettled([
      broker.declare({ kind: "task", spec: bench.spec() }, { giveUpAt: Number.POSITIVE_INFINITY }),
      broker.consume(bench.name(), { prefetch: 1 }, () => {}),
      broker.subscribe(() => {}),
    ]);
    await broker.close();
    expect(await outcomes).toEqual(
      Array.from({ length: 3 }, () => ({ status: "rejected", reason: expect.objectContaining({ code: "CLOSED" }) })),
    );
  });
});
