import { describe, expect, it } from "vitest";
import { deadLetterQueue } from "../../src/dist/broker/index.js";
import { silentLogger } from "ligature";
import { amqpUrl } from "../support/brokers.ts";
import { startLab } from "../support/lab.ts";
import { recordLog } from "../support/log-recorder.ts";
import { eventually, patience } from "../support/patience.ts";
import { TcpProxy } from "../support/tcp-proxy.ts";
import { openBroker } from "../support/open.ts";

function block(ms: number): void {
  for (const end = Date.now() + ms; Date.now() < end;);
}

describe.each(["quorum", "classic"] as const)("a request on a %s queue that is delivered again where it runs", (type) => {
  it("is adopted: one run, one callback, no loss", async () => {
    const proxy = await TcpProxy.start(amqpUrl());
    const { log, lines } = recordLog();
    await using system = await startLab(amqpUrl(), { server: { broker: proxy.through(amqpUrl()), log }, queue: { type } });
    const { lab, journal } = system;
    const task = lab.wait.si("long").link(lab.quiet.si("done")).linkError(lab.recordFailure.si("failed"));
    const result = await system.app.send(task);
    await journal.entry("wait:long");
    // More often than the broker would give it out in vain.
    for (let time = 1; time <= 12; time += 1) {
      proxy.cut();
      await eventually(() =>
        expect(lines.filter(({ message }) => message.includes("still runs here was delivered again")).length).toBe(time),
      );
    }
    journal.give("long:1", "finish");
    expect(await result.get({ timeout: patience })).toBe("finished after 0");
    await journal.entry("quiet:done");
    // What is sent now comes after all that came again.
    expect(await system.remote.add(1, 2)).toBe(3);
    expect(journal.all("wait:long").length).toBe(1);
    expect(journal.all("quiet:done").length).toBe(1);
    expect(journal.all("failed")).toEqual([]);
    const broker = openBroker(amqpUrl(), {
      name: "test",
      log: silentLogger,
      publishTimeout: 30_000,
      maxPayload: 1_000_000,
      maxUnconfirmed: 100,
    });
    expect((await broker.inspect(deadLetterQueue(system.queue)))?.ready).toBe(0);
    await broker.close();
  });

  it("and one that blocked the event loop over two heartbeats runs once; the log says for how long", async () => {
    const url = new URL(amqpUrl());
    url.searchParams.set("heartbeat", "1");
    const { log, lines } = recordLog();
    let runs = 0;
    await using system = await startLab(amqpUrl(), {
      server: { broker: url.href, log },
      queue: { type },
      handlers: {
        describe: (value, unit) => {
          runs += 1;
          block(5000);
          return `${value} ${unit}`;
        },
      },
    });
    const { lab, journal } = system;
    const result = await system.app.send(lab.describe.si(1, "block").link(lab.quiet.si("done")));
    expect(await result.get({ timeout: patience })).toBe("1 block");
    await journal.entry("quiet:done");
    await eventually(async () => expect(await system.remote.add(1, 2)).toBe(3));
    expect(runs).toBe(1);
    expect(journal.all("quiet:done").length).toBe(1);
    expect(lines.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/can't be reached: .*blocked its event loop for [4-9](\.\d)? s: .*silent for 2 s/),
    );
  });
});
