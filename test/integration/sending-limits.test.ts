import { silentLogger, createApp } from "ligature";
import { lab } from "@ligature/lab";
import { expect, it } from "vitest";
import { amqpUrl } from "../support/brokers.ts";
import { TcpProxy } from "../support/tcp-proxy.ts";

it("every way of sending ends with its own timeout or signal while RabbitMQ is away", async () => {
  const proxy = await TcpProxy.reserve(amqpUrl());
  await using app = createApp({ name: "away", broker: proxy.through(amqpUrl()), log: silentLogger });
  const remote = app.remote(lab);
  const withTimeout = [
    remote.add.applyAsync([1, 2], { timeout: "200ms" }),
    app.sendTask("lab.add", [1, 2], { timeout: "200ms" }),
    app.send(lab.add.si(1, 2), { timeout: "200ms" }),
    remote.add.with({ timeout: "200ms" })(1, 2),
  ];
  for (const outcome of await Promise.allSettled(withTimeout)) {
    expect(outcome).toMatchObject({ status: "rejected", reason: { code: "NOT_SENT" } });
  }
  const controller = new AbortController();
  const withSignal = [
    remote.add.applyAsync([1, 2], { signal: controller.signal }),
    app.sendTask("lab.add", [1, 2], { signal: controller.signal }),
    app.send(lab.add.si(1, 2), { signal: controller.signal }),
    remote.add.with({ signal: controller.signal })(1, 2),
    app.revoke("some-id", { signal: controller.signal }),
  ];
  const outcomes = Promise.allSettled(withSignal);
  controller.abort();
  for (const outcome of await outcomes) expect(outcome).toMatchObject({ status: "rejected", reason: { code: "ABORTED" } });
});
