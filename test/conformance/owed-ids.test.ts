import { chord, group } from "ligature";
import type { TaskContext } from "ligature";
import { describe, expect, it } from "vitest";
import { brokerBench, consumeFrom } from "../support/broker-bench.ts";
import { combinations, startLabOn } from "../support/combinations.ts";
import type { LabSystem } from "../support/lab.ts";

const uuid5 = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

interface Seen {
  readonly ctx: TaskContext;
}

/** What a request owes, and the key under which the last task of it writes. */
const owed = (lab: LabSystem["lab"]) => [
  { what: "a link", signature: lab.add.si(1, 2).link(lab.record.s("seen")) },
  { what: "a link that is a chain", signature: lab.add.si(1, 2).link(lab.double.s().pipe(lab.record.s("seen"))) },
  { what: "a link that is a group", signature: lab.add.si(1, 2).link(group([lab.record.s("seen")])) },
  { what: "a chord's body, in a link", signature: lab.add.si(1, 2).link(chord([lab.double.s()], lab.gather.s("seen"))) },
];

describe.each(combinations)("what a request owes on $name", (combination) => {
  let address = "";
  const bench = brokerBench(() => address);

  it.each(["a link", "a link that is a chain", "a link that is a group", "a chord's body, in a link"])(
    "%s has the same id whenever the request is run, and another one after it was sent again from the dead letters",
    async (what) => {
      await using system = await startLabOn(combination, { start: false });
      address = system.broker;
      const broker = bench.open();
      const { signature } = owed(system.lab).find((each) => each.what === what) ?? {};
      await system.app.send(signature as never);
      const { consumer, inbox } = await consumeFrom(broker, system.queue);
      const delivery = await inbox.next();
      delivery.ack();
      await consumer.close();
      await system.worker.start();
      const { message } = delivery;
      const ids: string[] = [];
      for (const generation of [0, 0, 1, 1, 2]) {
        const headers = { ...message.headers, ...(generation > 0 && { "ligature-generation": generation }) };
        await broker.publish({ ...message, exchange: "", routingKey: system.queue, headers });
        const { ctx } = await system.journal.entry<Seen>("seen", ids.length);
        ids.push(ctx.id);
      }
      expect(ids[0]).toMatch(uuid5);
      expect(ids[1]).toBe(ids[0]);
      expect(ids[3]).toBe(ids[2]);
      expect(new Set(ids).size).toBe(3);
    },
  );

  it("an error callback, and a retry: the one's id follows from the request, the other keeps its own", async () => {
    await using system = await startLabOn(combination, {
      start: false,
      handlers: {
        flaky: (_key, _failures, ctx) => {
          system.journal.write("run", `${ctx.id} ${ctx.retries}`);
          throw new Error("always");
        },
        recordFailure: (key, ctx) => system.journal.write(key, { ctx }),
      },
    });
    address = system.broker;
    const broker = bench.open();
    const result = await system.app.send(system.lab.flaky.si("key", 9).linkError(system.lab.recordFailure.si("seen")));
    const { consumer, inbox } = await consumeFrom(broker, system.queue);
    const delivery = await inbox.next();
    delivery.ack();
    await consumer.close();
    await system.worker.start();
    const ids: string[] = [];
    // Of the second, only the last retry comes again.
    for (const retries of [0, 3]) {
      const headers = { ...delivery.message.headers, ...(retries > 0 && { retries }) };
      await broker.publish({ ...delivery.message, exchange: "", routingKey: system.queue, headers });
      ids.push((await system.journal.entry<Seen>("seen", ids.length)).ctx.id);
    }
    expect(system.journal.all("run")).toEqual([0, 1, 2, 3, 3].map((retries) => `${result.id} ${retries}`));
    expect(ids[0]).toMatch(uuid5);
    expect(ids[1]).toBe(ids[0]);
  });
});
