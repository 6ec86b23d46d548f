import { describe, expect, it } from "vitest";
import { brokerBench, consumeFrom, expectCode, messageTo, textOf } from "../../support/broker-bench.ts";
import { brokers } from "../../support/brokers.ts";
import { eventually } from "../../support/patience.ts";

const kinds = [
  { type: "quorum" },
  { type: "classic" },
  { type: "classic", maxPriority: 5 },
  { type: "classic", owner: "celery" },
  { type: "classic", owner: "celery", maxPriority: 10 },
] as const;

describe.each(brokers)("queues on $name", ({ url }) => {
  const bench = brokerBench(url);

  describe("declaring", () => {
    it.each(kinds)("the same twice, by two handles, changes nothing: %o", async (kind) => {
      const [one, two] = [bench.open(), bench.open()];
      const spec = await bench.queue(one, kind);
      await one.publish(messageTo(spec.name, "kept"));
      await one.declare({ kind: "task", spec });
      await two.declare({ kind: "task", spec });
      const { inbox } = await consumeFrom(two, spec.name);
      expect(textOf(await inbox.next())).toBe("kept");
    });

    it.each([
      ["another type", { type: "quorum" }, { type: "classic" }],
      ["another delivery limit", { deliveryLimit: 3 }, { deliveryLimit: 4 }],
      ["priorities", { type: "classic" }, { type: "classic", maxPriority: 5 }],
      ["other priorities", { type: "classic", maxPriority: 5 }, { type: "classic", maxPriority: 6 }],
      ["no priorities", { type: "classic", maxPriority: 5 }, { type: "classic" }],
      ["Ligature as its owner", { type: "classic", owner: "celery" }, { type: "classic" }],
    ] as const)("with %s is a QUEUE_MISMATCH, for every handle and every time", async (_what, existing, declared) => {
      const [one, two] = [bench.open(), bench.open()];
      const spec = await bench.queue(one, existing);
      const other = bench.spec({ name: spec.name, ...declared });
      await expectCode(one.declare({ kind: "task", spec: other }), "QUEUE_MISMATCH");
      await expectCode(two.declare({ kind: "task", spec: other }), "QUEUE_MISMATCH");
      await expectCode(two.declare({ kind: "task", spec: other }), "QUEUE_MISMATCH");
      // Both go on working, and with the queue as it is.
      await two.declare({ kind: "task", spec });
      await one.publish(messageTo(spec.name, "kept"));
      expect(textOf(await (await consumeFrom(two, spec.name)).inbox.next())).toBe("kept");
    });

    it("with Celery as its owner uses what is there", async () => {
      const [one, two] = [bench.open(), bench.open()];
      const spec = await bench.queue(one, { type: "classic", maxPriority: 5 });
      await two.declare({ kind: "task", spec: bench.spec({ name: spec.name, type: "classic", owner: "celery" }) });
      await two.publish(messageTo(spec.name, "kept"));
      expect(textOf(await (await consumeFrom(one, spec.name)).inbox.next())).toBe("kept");
    });

    it("with another delivery limit is none for a classic queue, which has none", async () => {
      const broker = bench.open();
      const spec = await bench.queue(broker, { type: "classic", deliveryLimit: 3 });
      await broker.declare({ kind: "task", spec: { ...spec, deliveryLimit: 4 } });
    });

    it("a mismatch says which queue", async () => {
      const broker = bench.open();
      const spec = await bench.queue(broker, { deliveryLimit: 3 });
      await expect(broker.declare({ kind: "task", spec: { ...spec, deliveryLimit: 4 } })).rejects.toThrow(spec.name);
    });

    it("a mismatch doesn't disturb what the handle does at the same time", async () => {
      const broker = bench.open();
      const spec = await bench.queue(broker, { deliveryLimit: 3 });
      const { inbox } = await consumeFrom(broker, spec.name);
      const [mismatch, ...publishes] = await Promise.allSettled([
        broker.declare({ kind: "task", spec: { ...spec, deliveryLimit: 4 } }),
        ...["1", "2", "3"].map((body) => broker.publish(messageTo(spec.name, body))),
      ]);
      expect([mismatch.status, ...publishes.map(({ status }) => status)]).toEqual([
        "rejected",
        "fulfilled",
        "fulfilled",
        "fulfilled",
      ]);
      expect((await inbox.take(3)).map(textOf)).toEqual(["1", "2", "3"]);
    });

    it("too late is NOT_SENT", async () => {
      const broker = bench.open();
      const giveUpAt = Date.now() - 1;
      await expectCode(broker.declare({ kind: "task", spec: bench.spec() }, { giveUpAt }), "NOT_SENT");
      await expectCode(broker.declare({ kind: "reply", name: bench.name("reply"), expires: 1000 }, { giveUpAt }), "NOT_SENT");
    });
  });

  describe("priorities", () => {
    it("come highest first, equal ones in order, those over the highest as the highest, those without as 0", async () => {
      const broker = bench.open();
      const { name } = await bench.queue(broker, { type: "classic", maxPriority: 5 });
      for (const [body, priority] of [
        ["none", undefined],
        ["1", 1],
        ["5a", 5],
        ["3", 3],
        ["200", 200],
        ["5b", 5],
        ["0", 0],
      ] as const) {
        await broker.publish(messageTo(name, body, { properties: { priority } }));
      }
      const { inbox } = await consumeFrom(broker, name, 1);
      const order: string[] = [];
      for (let count = 0; count < 7; count += 1) {
        const delivery = await inbox.next();
        order.push(textOf(delivery));
        delivery.ack();
      }
      expect(order).toEqual(["5a", "200", "5b", "3", "1", "none", "0"]);
    });

    it("don't matter to a queue without them", async () => {
      const broker = bench.open();
      const { name } = await bench.queue(broker, { type: "classic" });
      for (const priority of [1, 9, 5]) await broker.publish(messageTo(name, String(priority), { properties: { priority } }));
      const { inbox } = await consumeFrom(broker, name);
      expect((await inbox.take(3)).map((delivery) => [textOf(delivery), delivery.message.properties.priority])).toEqual([
        ["1", 1],
        ["9", 9],
        ["5", 5],
      ]);
    });
  });

  describe("reply queues", () => {
    it("take messages by name, and are declared twice without harm", async () => {
      const broker = bench.open();
      const name = bench.name("reply");
      await broker.declare({ kind: "reply", name, expires: 60_000 });
      await broker.publish(messageTo(name, "result"));
      await broker.declare({ kind: "reply", name, expires: 60_000 });
      await bench.open().declare({ kind: "reply", name, expires: 60_000 });
      expect(textOf(await (await consumeFrom(broker, name)).inbox.next())).toBe("result");
    });

    it("can't be declared with another expiry, or as a task queue", async () => {
      const broker = bench.open();
      const name = bench.name("reply");
      await broker.declare({ kind: "reply", name, expires: 60_000 });
      await expectCode(broker.declare({ kind: "reply", name, expires: 70_000 }), "QUEUE_MISMATCH");
      await expectCode(broker.declare({ kind: "task", spec: bench.spec({ name }) }), "QUEUE_MISMATCH");
    });

    it("are deleted when nobody has consumed for as long as their expiry; publishing doesn't count", async () => {
      const broker = bench.open();
      const [used, left] = [bench.name("reply"), bench.name("reply")];
      await broker.declare({ kind: "reply", name: used, expires: 300 });
      const { inbox } = await consumeFrom(broker, used);
      await broker.declare({ kind: "reply", name: left, expires: 300 });
      const gone = async (name: string): Promise<void> => {
        await eventually(() => expectCode(broker.publish(messageTo(name, "x")), "UNROUTABLE"));
      };
      await gone(left);
      // One that was declared before, and is consumed from, is still there.
      await broker.publish(messageTo(used, "here"));
      expect(textOf(await inbox.next())).toBe("here");
    });

    it("expire after their last consumer has gone", async () => {
      const broker = bench.open();
      const name = bench.name("reply");
      await broker.declare({ kind: "reply", name, expires: 300 });
      const other = bench.open();
      await consumeFrom(other, name);
      await other.close();
      await broker.publish(messageTo(name, "still there"));
      await eventually(() => expectCode(broker.publish(messageTo(name, "x")), "UNROUTABLE"));
    });

    it("are gone when they have been deleted, with what is in them; deleting none is no error", async () => {
      const broker = bench.open();
      const name = bench.name("reply");
      await broker.declare({ kind: "reply", name, expires: 60_000 });
      await broker.publish(messageTo(name, "lost"));
      await broker.deleteQueue(name);
      await expectCode(broker.publish(messageTo(name, "x")), "UNROUTABLE");
      await broker.deleteQueue(name);
      await broker.declare({ kind: "reply", name, expires: 60_000 });
      await broker.publish(messageTo(name, "new"));
      expect(textOf(await (await consumeFrom(broker, name)).inbox.next())).toBe("new");
    });
  });
});
