import { describe, expect, it } from "vitest";
import type { Claim } from "../../../src/dist/broker/index.js";
import { brokerBench, countReady, expectCode, messageTo } from "../../support/broker-bench.ts";
import { brokers } from "../../support/brokers.ts";
import { eventually } from "../../support/patience.ts";

const minute = 60_000;

describe.each(brokers)("temporary queues on $name", ({ url }) => {
  const bench = brokerBench(url);

  async function temporary(broker = bench.open(), expires = minute) {
    const name = bench.name("temporary");
    await broker.declare({ kind: "temporary", name, expires });
    const put = (...bodies: readonly string[]): Promise<void[]> =>
      Promise.all(bodies.map((body) => broker.publish(messageTo(name, body))));
    return { broker, name, put };
  }

  /** Of a claim that must succeed. */
  async function claimed(claim: Promise<Claim | undefined>): Promise<Claim> {
    const found = await claim;
    if (found === undefined) throw new Error("There was nothing to claim.");
    return found;
  }

  const bodiesOf = (claim: Claim): string[] => claim.messages.map(({ body }) => Buffer.from(body).toString());

  describe("declaring", () => {
    it("the same twice changes nothing; with another expiry, or as a reply queue, is a QUEUE_MISMATCH", async () => {
      const { broker, name, put } = await temporary();
      await put("kept");
      await broker.declare({ kind: "temporary", name, expires: minute });
      await bench.open().declare({ kind: "temporary", name, expires: minute });
      expect(await countReady(broker, name)).toBe(1);
      await expectCode(broker.declare({ kind: "temporary", name, expires: minute + 1 }), "QUEUE_MISMATCH");
      await expectCode(broker.declare({ kind: "reply", name, expires: minute }), "QUEUE_MISMATCH");
    });

    it.each([0, 180 * 24 * 60 * minute])("takes any duration that an option may be: %i ms", async (expires) => {
      const { broker, name } = await temporary(undefined, expires);
      if (expires > 0) expect(await countReady(broker, name)).toBe(0);
      await broker.deleteQueue(name);
    });

    it("works again after it was deleted, by the same handle", async () => {
      const { broker, name } = await temporary();
      await broker.deleteQueue(name);
      expect(await countReady(broker, name)).toBeUndefined();
      await broker.declare({ kind: "temporary", name, expires: minute });
      expect(await countReady(broker, name)).toBe(0);
    });

    it("too late is NOT_SENT", async () => {
      const broker = bench.open();
      await expectCode(
        broker.declare({ kind: "temporary", name: bench.name("temporary"), expires: minute }, { giveUpAt: Date.now() - 1 }),
        "NOT_SENT",
      );
    });
  });

  describe("counting", () => {
    it("tells what is confirmed, for everybody", async () => {
      const { name, put } = await temporary();
      const other = bench.open();
      for (let count = 1; count <= 20; count += 1) {
        await put(String(count));
        expect(await countReady(other, name)).toBe(count);
      }
    });

    it("a queue that isn't there disturbs nothing else", async () => {
      const { broker, name, put } = await temporary();
      const missing = bench.name("missing");
      const [counts] = await Promise.all([
        Promise.all([missing, name, missing, name].map((queue) => countReady(broker, queue))),
        put("1", "2", "3"),
      ]);
      expect([counts[0], counts[2]]).toEqual([undefined, undefined]);
      expect(await countReady(broker, name)).toBe(3);
      expect(await countReady(broker, missing)).toBeUndefined();
    });

    it("keeps it from expiring, as declaring it does; publishing doesn't", async () => {
      const broker = bench.open();
      const { name: counted } = await temporary(broker, 400);
      const { name: left } = await temporary(broker, 400);
      await eventually(async () => {
        await countReady(broker, counted);
        await expectCode(broker.publish(messageTo(left, "x")), "UNROUTABLE");
      });
      expect(await countReady(broker, counted)).toBe(0);
    });

    it("of a closed broker is CLOSED", async () => {
      const { broker, name } = await temporary();
      await broker.close();
      await expectCode(countReady(broker, name), "CLOSED");
      await expectCode(broker.claim(name), "CLOSED");
      await expectCode(broker.declare({ kind: "temporary", name, expires: minute }), "CLOSED");
    });
  });

  describe("claiming", () => {
    it("takes everything, in order", async () => {
      const { broker, name, put } = await temporary();
      const bodies = Array.from({ length: 2500 }, (_, index) => String(index));
      await put(...bodies);
      const claim = await claimed(bench.open().claim(name));
      expect(bodiesOf(claim)).toEqual(bodies);
      expect(await countReady(broker, name)).toBe(0);
      await claim.release([]);
      expect(await countReady(broker, name)).toBe(2500);
    });

    it("takes large messages whole", async () => {
      const { broker, name } = await temporary();
      const bodies = Array.from({ length: 40 }, (_, index) => String(index % 10).repeat(200_000));
      await Promise.all(bodies.map((body) => broker.publish(messageTo(name, body))));
      expect(bodiesOf(await claimed(broker.claim(name)))).toEqual(bodies);
    });

    it("gives back what isn't done, in its place, before release resolves", async () => {
      const { broker, name, put } = await temporary();
      await put("a", "b", "c", "d");
      const claim = await claimed(broker.claim(name));
      await claim.release(claim.messages.filter((_message, index) => index % 2 === 0));
      expect(await countReady(broker, name)).toBe(2);
      await put("e");
      const again = await claimed(broker.claim(name));
      expect(bodiesOf(again)).toEqual(["b", "d", "e"]);
    });

    it("one after the other, each finding what the one before left, and what came meanwhile", async () => {
      const { name, put } = await temporary();
      await put("first");
      const claim = await claimed(bench.open().claim(name));
      const waiting = [bench.open().claim(name), bench.open().claim(name)];
      await put("meanwhile");
      await claim.release([]);
      const second = await claimed(Promise.race(waiting));
      expect(bodiesOf(second)).toEqual(["first", "meanwhile"]);
      await second.release([]);
      for (const next of await Promise.all(waiting.map(claimed))) expect(bodiesOf(next)).toEqual(["first", "meanwhile"]);
    });

    it("waits for a message in an empty queue", async () => {
      const { broker, name, put } = await temporary();
      const claim = broker.claim(name);
      await put("at last");
      expect(bodiesOf(await claimed(claim))).toEqual(["at last"]);
    });

    it("of no queue is undefined, and disturbs nothing", async () => {
      const { broker, name, put } = await temporary();
      const missing = bench.name("missing");
      const [none] = await Promise.all([broker.claim(missing), put("1")]);
      expect(none).toBeUndefined();
      expect(await countReady(broker, name)).toBe(1);
    });

    it("ends for all when the queue is deleted by whoever holds it", async () => {
      const { broker, name, put } = await temporary();
      await put("1", "2");
      const claim = await claimed(broker.claim(name));
      const waiting = [bench.open().claim(name), bench.open().claim(name)];
      await claim.deleteQueue();
      expect(await Promise.all(waiting)).toEqual([undefined, undefined]);
      expect(await countReady(broker, name)).toBeUndefined();
    });

    it("ends when the queue is deleted while it waits for a message", async () => {
      const { broker, name } = await temporary();
      const waiting = bench.open().claim(name);
      // Its consumer is there once the other one's claim of the same connection is.
      await broker.deleteQueue(name);
      expect(await waiting).toBeUndefined();
    });

    it("gives everything back when its holder goes, and the next one gets it", async () => {
      const { name, put } = await temporary();
      await put("1", "2");
      const holder = bench.open();
      await claimed(holder.claim(name));
      const waiting = bench.open().claim(name);
      await holder.close();
      expect(bodiesOf(await claimed(waiting))).toEqual(["1", "2"]);
    });

    it("that waits is rejected when its broker is closed", async () => {
      const { name } = await temporary();
      const broker = bench.open();
      await countReady(broker, name);
      const waiting = broker.claim(name);
      const rejected = expect(waiting).rejects.toMatchObject({ name: "LigatureError" });
      await broker.close();
      await rejected;
    });

    it("keeps the queue from expiring", async () => {
      const broker = bench.open();
      const { name, put } = await temporary(broker, 300);
      const { name: left } = await temporary(broker, 300);
      await put("1");
      const claim = await claimed(broker.claim(name));
      await eventually(() => expectCode(broker.publish(messageTo(left, "x")), "UNROUTABLE"));
      await claim.release([]);
      expect(await countReady(broker, name)).toBe(1);
    });
  });
});
