import { group, type BrokerState, type LigatureError } from "ligature";
import { task } from "ligature/contract";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { entryQueue, type Broker } from "../../src/dist/broker/index.js";
import { brokerBench, consumeFrom, countReady } from "../support/broker-bench.ts";
import { amqpUrl, brokers } from "../support/brokers.ts";
import { startOwn, type OwnService } from "../support/own-service.ts";
import { eventually, patience } from "../support/patience.ts";

const maxLength = 5;
/** What a quorum queue takes beyond its limit: what is on its way when it says that it is full. */
const soft = 33;

const kinds = [
  { name: "memory", url: () => "memory://", queue: {} },
  { name: "RabbitMQ, quorum", url: amqpUrl, queue: {} },
  { name: "RabbitMQ, classic", url: amqpUrl, queue: { type: "classic" as const } },
];

type Key = "run" | "flaky" | "other";

describe.each(kinds)("a queue with maxLength on $name", ({ url, queue: kind }) => {
  let address = "";
  const bench = brokerBench(() => address);
  const start = async (options: { start?: boolean } = {}): Promise<OwnService<Key> & { readonly bench: Broker }> => {
    const service = await startOwn<Key>(url(), {
      tasks: {
        run: task({ params: { key: z.string() }, returns: z.string() }),
        flaky: task({ params: { key: z.string() }, returns: z.number(), retry: { limit: 2, delay: 0 } }),
        other: task({ params: { value: z.number().optional() }, ignoreResult: true }),
      },
      queue: { ...kind, maxLength },
      worker: { concurrency: 1 },
      start: options.start ?? false,
      handlers: ({ journal }) => ({
        run: async (key: string, ctx) => {
          journal.write("ran", key);
          if (key.startsWith("hold")) await journal.order(key, ctx.signal);
          return key;
        },
        flaky: async (key: string, ctx) => {
          journal.write("tried", ctx.retries);
          if (ctx.retries > 0) return ctx.retries;
          await journal.order(key, ctx.signal);
          throw new Error("once more");
        },
        other: () => journal.write("other", true),
      }),
    });
    address = service.broker;
    return Object.assign(service, { bench: bench.open() });
  };

  /** Sends until it is full. */
  const fill = async ({ remote }: OwnService<Key>): Promise<number> => {
    for (let sent = 0; ; sent += 1) {
      try {
        await remote.other.applyAsync([1]);
      } catch (error) {
        expect(error).toMatchObject({ code: "QUEUE_FULL" });
        return sent;
      }
      expect(sent).toBeLessThan(maxLength + soft + 1);
    }
  };

  it("refuses what is more with QUEUE_FULL, and takes it again when there is room", async () => {
    await using system = await start();
    const sending = await Promise.allSettled(Array.from({ length: 200 }, (_, index) => system.remote.run.delay(`r${index}`)));
    const sent = sending.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    const refused = sending.flatMap((each) => (each.status === "rejected" ? [each.reason as LigatureError] : []));
    expect(sent.length).toBeGreaterThanOrEqual(maxLength);
    expect(sent.length).toBeLessThanOrEqual(maxLength + soft);
    for (const error of refused) {
      expect(error).toMatchObject({ code: "QUEUE_FULL", details: { queue: system.queue, maxLength } });
      expect(error.info).toMatchObject({ ran: "no", retrySafe: true });
    }
    expect(refused[0]?.message).toBe(
      `[QUEUE_FULL] Queue "${system.queue}" takes no more: ${maxLength} requests wait, as many as its contract allows (maxLength). Nothing was sent; send it again later.`,
    );
    await system.worker.start();
    for (const result of sent) await result.get({ timeout: patience });
    expect(await system.remote.run.with({ timeout: patience })("again")).toBe("again");
    expect(system.journal.all("ran")).toHaveLength(sent.length + 1);
  });

  it("refuses an awaited call, and the rest of a group", async () => {
    await using system = await start();
    await fill(system);
    await expect(system.remote.run("x")).rejects.toMatchObject({ code: "QUEUE_FULL" });
    await expect(system.app.send(system.tasks.run.si("x"))).rejects.toMatchObject({ code: "QUEUE_FULL" });
    await using roomy = await start();
    const members = Array.from({ length: 100 }, (_, index) => roomy.tasks.run.si(`m${index}`));
    await expect(roomy.app.send(group(...members))).rejects.toMatchObject({
      code: "PARTLY_SENT",
      cause: { code: "QUEUE_FULL" },
    });
  });

  it("takes what its only worker owes while it is full: a retry, a callback, the next step", async () => {
    await using system = await start({ start: true });
    const flaky = system.tasks.flaky.si("go").link(system.tasks.other.s());
    await system.app.send(flaky.pipe(system.tasks.other.s()));
    await system.journal.entry("tried");
    const filled = await fill(system);
    system.journal.give("go", "finish");
    await eventually(() => expect(system.journal.all("other")).toHaveLength(filled + 2));
    expect(system.journal.all("tried")).toEqual([0, 1]);
  });

  it("neither refuses nor holds up what is delayed", async () => {
    await using system = await start();
    await using elsewhere = await start({ start: true });
    await fill(system);
    const delayed = await Promise.all(
      Array.from({ length: 40 }, (_, index) => system.remote.run.applyAsync([`d${index}`], { countdown: 200 })),
    );
    const other = await elsewhere.remote.run.applyAsync(["elsewhere"], { countdown: 300 });
    expect(await other.get({ timeout: 30_000 })).toBe("elsewhere");
    await system.worker.start();
    for (const each of delayed) await each.get({ timeout: patience });
  });

  it("gives its requests to another worker when one is lost", async () => {
    await using system = await start();
    const sent = await system.remote.run.delay("x");
    const { consumer, inbox } = await consumeFrom(system.bench, entryQueue(system.queue));
    await inbox.next();
    await consumer.close();
    await system.worker.start();
    expect(await sent.get({ timeout: patience })).toBe("x");
    await eventually(async () => expect(await countReady(system.bench, entryQueue(system.queue))).toBe(0));
  });

  it("is declared again, whole, by who sends to it when it has been deleted", async () => {
    await using system = await start();
    await system.remote.run.delay("gone");
    await system.bench.deleteQueue(entryQueue(system.queue));
    const sent = await system.remote.run.delay("x");
    await system.worker.start();
    expect(await sent.get({ timeout: patience })).toBe("x");
  });
});

describe.each(brokers)("an app on $name", ({ url }) => {
  it("tells how its broker does, until it is closed", async () => {
    await using system = await startOwn<"run">(url(), {
      tasks: { run: task({ params: { key: z.string() }, returns: z.string() }) },
      handlers: () => ({ run: (key: string) => key }),
    });
    const app = system.newApp();
    const states: BrokerState[] = [];
    const end = app.onBrokerState((state) => void states.push(state));
    await eventually(() => expect(app.brokerState).toEqual({ state: "ready" }));
    await app.close();
    expect(app.brokerState).toEqual({ state: "closed" });
    expect(states.at(-1)).toEqual({ state: "closed" });
    end();
    expect(() => app.onBrokerState(5 as never)).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
  });
});
