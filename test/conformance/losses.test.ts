import type { App, Logger, Worker, WorkerOptions } from "ligature";
import { describe, expect, it } from "vitest";
import { deadLetterQueue, suspectsQueue, type Broker } from "../../src/dist/broker/index.js";
import { brokerBench, consumeFrom, countReady, expectEmpty } from "../support/broker-bench.ts";
import { amqpUrl } from "../support/brokers.ts";
import { labHandlers, startLab, type LabSystem } from "../support/lab.ts";
import { recordLog } from "../support/log-recorder.ts";
import { eventually, patience } from "../support/patience.ts";

const kinds = [
  { name: "memory", url: () => "memory://", queue: {} },
  { name: "RabbitMQ, quorum", url: amqpUrl, queue: {} },
  { name: "RabbitMQ, classic", url: amqpUrl, queue: { type: "classic" as const } },
];

/** Takes all messages of a queue, and is lost with them, so many times. */
async function lose(broker: Broker, queue: string, { messages, times }: { messages: number; times: number }): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    const { consumer, inbox } = await consumeFrom(broker, queue);
    for (let index = 0; index < messages; index += 1) await inbox.next();
    await consumer.close();
  }
}

/** Another worker of the system, as a process that is started anew would have it. */
async function startAnother(
  system: LabSystem,
  log?: Logger,
  options?: WorkerOptions,
): Promise<{ readonly app: App; readonly worker: Worker }> {
  const app = system.newApp(log === undefined ? {} : { log });
  const worker = app.worker(
    system.lab,
    labHandlers(system.journal, () => app.remote(system.lab)),
    options,
  );
  await worker.start();
  return { app, worker };
}

describe.each(kinds)("losses on $name", ({ url, queue: kind }) => {
  let address = "";
  const bench = brokerBench(() => address);
  const start = async (queue: object = {}): Promise<LabSystem & { readonly bench: Broker }> => {
    const system = await startLab(url(), { start: false, queue: { ...kind, ...queue } });
    address = system.broker;
    return Object.assign(system, { bench: bench.open() });
  };

  it("a request that was lost twice beside others runs as usual, and knows that it was delivered before", async () => {
    await using system = await start();
    const result = await system.remote.wait.delay("twice");
    await lose(system.bench, system.queue, { messages: 1, times: kind.type === "classic" ? 1 : 2 });
    const { log, lines } = recordLog();
    await startAnother(system, log);
    system.journal.give("twice:1", "finish");
    expect(await system.journal.entry("wait:twice")).toMatchObject({ redelivered: true });
    expect(await result.get({ timeout: patience })).toBe("finished after 0");
    expect(lines.filter(({ message }) => message.includes("runs it alone"))).toEqual([]);
    expect(await countReady(system.bench, suspectsQueue(system.queue))).toBeUndefined();
    await expectEmpty(system.bench, deadLetterQueue(system.queue));
  });

  it("one that was lost once beside others runs, however low the contract's limit is", async () => {
    await using system = await start({ deliveryLimit: 1 });
    const result = await system.remote.wait.delay("once");
    await lose(system.bench, system.queue, { messages: 1, times: 1 });
    await startAnother(system);
    system.journal.give("once:1", "finish");
    expect(await result.get({ timeout: patience })).toBe("finished after 0");
    await expectEmpty(system.bench, deadLetterQueue(system.queue));
  });

  it("one that is lost more often waits until a worker runs it alone; then all others run on", async () => {
    await using system = await start();
    const suspects = await Promise.all([1, 2, 3].map((n) => system.remote.wait.delay(`suspect-${n}`)));
    if (kind.type === "classic") {
      // A classic queue doesn't count: each worker that gets a request again sends it anew with one loss more.
      const { consumer, inbox } = await consumeFrom(system.bench, system.queue);
      for (const delivery of await inbox.take(3)) {
        const { message } = delivery;
        await system.bench.publish({ ...message, headers: { ...message.headers, "ligature-losses": 2 } });
        delivery.ack();
      }
      await consumer.close();
      await lose(system.bench, system.queue, { messages: 3, times: 1 });
    } else await lose(system.bench, system.queue, { messages: 3, times: 3 });
    const innocent = await system.remote.wait.delay("innocent");
    await startAnother(system);
    await system.journal.entry("wait:innocent");
    // It still runs, so none of the others does.
    for (const n of [1, 2, 3]) expect(system.journal.all(`wait:suspect-${n}`)).toEqual([]);
    await eventually(async () => expect(await countReady(system.bench, suspectsQueue(system.queue))).toBe(3));
    system.journal.give("innocent:1", "finish");
    await innocent.get({ timeout: patience });
    for (const n of [1, 2, 3]) {
      await system.journal.entry(`wait:suspect-${n}`);
      for (let later = n + 1; later <= 3; later += 1) expect(system.journal.all(`wait:suspect-${later}`)).toEqual([]);
      system.journal.give(`suspect-${n}:1`, "finish");
    }
    for (const result of suspects) expect(await result.get({ timeout: patience })).toBe("finished after 0");
    expect(await system.remote.add(1, 2)).toBe(3);
    await expectEmpty(system.bench, deadLetterQueue(system.queue));
  });

  it("one that is lost alone too often is answered, dead-lettered, and its error callbacks are sent", async () => {
    await using system = await start({ deliveryLimit: 2 });
    const { lab } = system;
    const result = await system.app.send(lab.wait.si("poison").linkError(lab.recordFailure.si("lost")));
    await lose(system.bench, system.queue, { messages: 1, times: 1 });
    // As a worker puts it aside that knows of three losses.
    const { consumer, inbox } = await consumeFrom(system.bench, system.queue);
    const delivery = await inbox.next();
    const { message } = delivery;
    await system.bench.declare({ kind: "suspects", spec: lab["~generated"].spec.queue });
    const suspects = suspectsQueue(system.queue);
    const headers = { ...message.headers, "ligature-losses": 3, "ligature-losses-alone": 1 };
    await system.bench.publish({ ...message, exchange: "", routingKey: suspects, headers });
    delivery.ack();
    await consumer.close();
    await lose(system.bench, suspects, { messages: 1, times: 1 });
    await startAnother(system);
    await expect(result.get({ timeout: patience })).rejects.toMatchObject({
      code: "WORKER_LOST",
      message: expect.stringContaining("ran alone 2 times"),
    });
    expect(await system.journal.entry("lost")).toMatchObject({ error: { code: "WORKER_LOST" } });
    expect(system.journal.all("wait:poison")).toEqual([]);
    await eventually(async () => expect(await countReady(system.bench, deadLetterQueue(system.queue))).toBe(1));
  });

  it("twelve rolling restarts lose nothing, whether it ran or waited", async () => {
    await using system = await start();
    const keys = Array.from({ length: 6 }, (_, index) => `task-${index}`);
    const results = await Promise.all(keys.map((key) => system.remote.wait.delay(key)));
    const options = { concurrency: 4, prefetch: 6, shutdownTimeout: "10ms" } as const;
    const { log, lines } = recordLog();
    for (let restart = 0; restart < 12; restart += 1) {
      const { app, worker } = await startAnother(system, log, options);
      await eventually(() => expect(worker.statistics().running).toBe(4));
      await worker.stop();
      await app.close();
    }
    await startAnother(system, log, options);
    system.journal.release();
    for (const result of results) expect(await result.get({ timeout: patience })).toBe("finished after 0");
    expect(lines.filter(({ message }) => message.includes("runs it alone"))).toEqual([]);
    expect(await countReady(system.bench, suspectsQueue(system.queue))).toBeUndefined();
    await expectEmpty(system.bench, deadLetterQueue(system.queue));
    expect(await countReady(system.bench, system.queue)).toBe(0);
  });
});
