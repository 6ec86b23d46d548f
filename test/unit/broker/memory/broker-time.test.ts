import { randomUUID } from "node:crypto";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { silentLogger, type Logger } from "ligature";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Broker } from "../../../../src/dist/broker/index.js";
import { consumeFrom, expectCode, messageTo, textOf } from "../../../support/broker-bench.ts";
import { recordLog } from "../../../support/log-recorder.ts";
import { openBroker } from "../../../support/open.ts";

const spec = { name: "q", type: "quorum", deliveryLimit: 10, maxPriority: undefined, owner: "ligature" } as const;
const day = 24 * 3600 * 1000;

describe("time in the memory broker", () => {
  let broker: Broker;
  const open = (url: string, log: Logger = silentLogger): Broker =>
    openBroker(url, { name: "unit", log, publishTimeout: 1000, maxPayload: 1000, maxUnconfirmed: 1 });

  beforeEach(() => {
    vi.useFakeTimers();
    broker = open(`memory://${randomUUID()}`);
  });
  afterEach(async () => {
    await broker.close();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  /** n.b. delivering isn't faked, only time is: a delivery is awaited after the clock was moved. */
  it("can be faked by a test", async () => {
    await broker.declare({ kind: "task", spec });
    const { inbox } = await consumeFrom(broker, "q");
    await broker.publish(messageTo("q", "in an hour"), { delay: 3_600_000 });
    vi.advanceTimersByTime(3_599_999);
    await broker.publish(messageTo("q", "before"));
    expect(textOf(await inbox.next())).toBe("before");
    vi.advanceTimersByTime(1);
    expect(textOf(await inbox.next())).toBe("in an hour");
  });

  it("isn't held up by a longer wait that began before", async () => {
    await broker.declare({ kind: "task", spec });
    const { inbox } = await consumeFrom(broker, "q");
    await broker.publish(messageTo("q", "in an hour"), { delay: 3_600_000 });
    await broker.publish(messageTo("q", "in a second"), { delay: 1000 });
    vi.advanceTimersByTime(1000);
    expect(textOf(await inbox.next())).toBe("in a second");
  });

  it("may be longer than a timer of Node holds", async () => {
    await broker.declare({ kind: "task", spec });
    const { inbox } = await consumeFrom(broker, "q");
    await broker.publish(messageTo("q", "in 180 days"), { delay: 180 * day });
    vi.advanceTimersByTime(180 * day - 1);
    await broker.publish(messageTo("q", "before"));
    expect(textOf(await inbox.next())).toBe("before");
    vi.advanceTimersByTime(1);
    expect(textOf(await inbox.next())).toBe("in 180 days");
  });

  it("orders delays that end at once by their sending", async () => {
    await broker.declare({ kind: "task", spec });
    const { inbox } = await consumeFrom(broker, "q");
    const sendings = [
      ["a", 500],
      ["b", 100],
      ["c", 500],
      ["d", 300],
    ] as const;
    for (const [body, delay] of sendings) await broker.publish(messageTo("q", body), { delay });
    vi.advanceTimersByTime(1000);
    expect((await inbox.take(4)).map(textOf)).toEqual(["b", "d", "a", "c"]);
  });

  it("lets a reply queue expire when it was unused for that long, and not before", async () => {
    await broker.declare({ kind: "reply", name: "reply", expires: 60 * day });
    vi.advanceTimersByTime(60 * day - 1);
    await broker.publish(messageTo("reply", "x"));
    vi.advanceTimersByTime(1);
    await expectCode(broker.publish(messageTo("reply", "x")), "UNROUTABLE");
  });

  it("counts a queue's expiry from its last use: a consumer that went, or a declaration", async () => {
    await broker.declare({ kind: "reply", name: "reply", expires: 1000 });
    const { consumer } = await consumeFrom(broker, "reply");
    const second = await consumeFrom(broker, "reply");
    vi.advanceTimersByTime(10_000);
    await consumer.cancel();
    vi.advanceTimersByTime(10_000);
    await second.consumer.close();
    vi.advanceTimersByTime(999);
    await broker.declare({ kind: "reply", name: "reply", expires: 1000 });
    vi.advanceTimersByTime(999);
    await broker.publish(messageTo("reply", "x"));
    vi.advanceTimersByTime(1);
    await expectCode(broker.publish(messageTo("reply", "x")), "UNROUTABLE");
  });

  it("drops a delayed message whose queue has gone meanwhile, and says so", async () => {
    const { log, lines } = recordLog();
    const url = `memory://${randomUUID()}`;
    const other = open(url, log);
    await other.declare({ kind: "reply", name: "reply", expires: 1000 });
    await other.publish(messageTo("reply", "x"), { delay: 5000 });
    vi.advanceTimersByTime(5000);
    expect(lines).toMatchObject([{ level: "warn", fields: { queue: "reply" } }]);
    await other.close();
  });

  it("stops with the last handle", async () => {
    const url = `memory://${randomUUID()}`;
    const [one, two] = [open(url), open(url)];
    await one.declare({ kind: "reply", name: "reply", expires: 1000 });
    await one.publish(messageTo("reply", "x"), { delay: 500 });
    await one.close();
    expect(vi.getTimerCount()).toBe(2);
    await two.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("a process with a memory broker", () => {
  /** Runs a program that has opened a broker and declared the queue `q`; resolves with what it printed when it has ended by itself. */
  async function run(program: string): Promise<string> {
    const source = `
      import { brokerOpener } from ${JSON.stringify(new URL("../../../../src/dist/broker/index.js", import.meta.url).href)};
      import { silentLogger } from ${JSON.stringify(new URL("../../../../src/dist/logging/index.js", import.meta.url).href)};
      const open = await brokerOpener(["memory://"], {}).load();
      const broker = open(["memory://"], { name: "p", log: silentLogger, publishTimeout: 1000, maxPayload: 1000, maxUnconfirmed: 1 });
      await broker.declare({ kind: "task", spec: ${JSON.stringify(spec)} });
      const message = { exchange: "", routingKey: "q", headers: {}, properties: {}, body: new Uint8Array(1) };
      ${program}
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", source], { timeout: 20_000 });
    return stdout.trim();
  }

  it("isn't kept alive by a message that waits for its time, nor by an open broker", async () => {
    expect(await run(`await broker.publish(message, { delay: 3_600_000 }); console.log("ends");`)).toBe("ends");
  });

  it("is kept alive by a consumer, which so gets what waits for its time", async () => {
    const program = `
      await broker.publish(message, { delay: 300 });
      const consumer = await broker.consume("q", { prefetch: 1 }, (delivery) => {
        delivery.ack();
        console.log("received");
        consumer.close();
      });`;
    expect(await run(program)).toBe("received");
  });

  it("ends when its broker is closed", async () => {
    const program = `
      await broker.consume("q", { prefetch: 1 }, () => {});
      await broker.subscribe(() => {});
      await broker.publish(message, { delay: 3_600_000 });
      await broker.close();
      console.log("ends");`;
    expect(await run(program)).toBe("ends");
  });
});
