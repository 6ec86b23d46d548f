import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { LigatureError } from "../../../src/dist/errors/index.js";
import type { ChordMember, Packed } from "../../../src/dist/protocol/index.js";
import { backendBench, backends } from "../../support/backend-bench.ts";
import { brokerBench, countReady, expectCode, messageTo } from "../../support/broker-bench.ts";
import { brokers } from "../../support/brokers.ts";
import { simulate, type Plan } from "../../support/chord-simulation.ts";
import { eventually } from "../../support/patience.ts";

describe.each(backends.filter(({ joins }) => joins === "queues"))("chords of $name", (urls) => {
  const bench = backendBench(urls);

  /** A chord of `size` with its members, each of which may end in any handle's barrier. */
  async function openChord(size: number) {
    const handles = [bench.open(), bench.open()];
    const groupId = randomUUID();
    const [starter] = handles;
    await starter?.backend.chords.open({ groupId, size });
    const bodies: (readonly unknown[])[] = [];
    const join = async (results: readonly Packed[]): Promise<void> => void bodies.push(results.map(({ json }) => json));
    const member = (index: number): ChordMember => ({ groupId, index, taskId: `${groupId}-${index}`, size });
    const barrier = (index: number) => handles[index % handles.length]!.backend.chords;
    return {
      groupId,
      bodies,
      member,
      barrier,
      queue: `ligature.chord.${groupId}`,
      broker: handles[0]!.broker,
      succeed: (index: number, value: unknown = index) => barrier(index).succeed(member(index), { json: value }, join, noCelery),
      fail: (index: number, tell: () => Promise<void>) => barrier(index).fail(member(index), { json: "error" }, tell),
    };
  }

  const noCelery = (): Promise<void> => Promise.reject(new Error("No Celery worker takes part."));

  it("joins the results in the header's order, whatever the order in which they come", async () => {
    const chord = await openChord(5);
    for (const index of [3, 0, 4, 1, 2]) await chord.succeed(index);
    expect(chord.bodies).toEqual([[0, 1, 2, 3, 4]]);
    expect(await countReady(chord.broker, chord.queue)).toBeUndefined();
  });

  it("of one member", async () => {
    const chord = await openChord(1);
    await chord.succeed(0, "only");
    expect(chord.bodies).toEqual([["only"]]);
  });

  it("carries annotations, null, and large results", async () => {
    const chord = await openChord(3);
    const large = "x".repeat(1_000_000);
    const parts: readonly Packed[] = [
      { json: "2026-01-02T03:04:05.000Z", meta: { values: ["Date"], v: 1 } },
      { json: null },
      { json: large },
    ];
    const joined = vi.fn(async (_results: readonly Packed[]) => {});
    for (const [index, part] of parts.entries()) {
      await chord.barrier(index).succeed(chord.member(index), part, joined, noCelery);
    }
    expect(joined.mock.calls).toEqual([[parts]]);
  });

  it("of 1,000 members that end at once", async () => {
    const chord = await openChord(1000);
    await Promise.all(Array.from({ length: 1000 }, (_, index) => chord.succeed(index)));
    expect(chord.bodies).toEqual([Array.from({ length: 1000 }, (_, index) => index)]);
    expect(await countReady(chord.broker, chord.queue)).toBeUndefined();
  });

  it("the last two at once run the body once", async () => {
    for (let round = 0; round < 20; round += 1) {
      const chord = await openChord(2);
      await Promise.all([chord.succeed(0), chord.succeed(1)]);
      expect(chord.bodies).toEqual([[0, 1]]);
    }
  });

  it("a member that ends twice counts once, and its first result stands", async () => {
    const chord = await openChord(3);
    await chord.succeed(0, "first");
    await chord.succeed(0, "second");
    await chord.succeed(1);
    expect(chord.bodies).toEqual([]);
    await chord.succeed(2);
    expect(chord.bodies).toEqual([["first", 1, 2]]);
  });

  it("a member that ends when the chord is over changes nothing", async () => {
    const chord = await openChord(2);
    await chord.succeed(0);
    await chord.succeed(1);
    await chord.succeed(1);
    const tell = vi.fn(async () => {});
    await chord.fail(0, tell);
    expect(chord.bodies).toHaveLength(1);
    expect(tell).not.toHaveBeenCalled();
  });

  it("fails at once, once, and never runs the body", async () => {
    const chord = await openChord(3);
    await chord.succeed(0);
    const tell = vi.fn(async () => {});
    await Promise.all([chord.fail(1, tell), chord.fail(2, tell)]);
    expect(tell).toHaveBeenCalledTimes(1);
    await chord.succeed(1);
    await chord.succeed(2);
    expect(chord.bodies).toEqual([]);
    expect(await countReady(chord.broker, chord.queue)).toBeUndefined();
  });

  it("fails before any member has succeeded", async () => {
    const chord = await openChord(3);
    const tell = vi.fn(async () => {});
    await chord.fail(2, tell);
    expect(tell).toHaveBeenCalledTimes(1);
  });

  it("a failure that races the completion ends it one way or the other, not both", async () => {
    for (let round = 0; round < 20; round += 1) {
      const chord = await openChord(2);
      await chord.succeed(0);
      const tell = vi.fn(async () => {});
      // A request that ran twice, and failed the second time.
      await Promise.all([chord.succeed(1), chord.fail(1, tell)]);
      expect(chord.bodies.length + tell.mock.calls.length).toBe(1);
    }
  });

  it("the member that can't send the body puts everything back, and sends it when it comes again", async () => {
    const chord = await openChord(2);
    await chord.succeed(0);
    const refuse = (): Promise<void> => Promise.reject(new LigatureError("CLOSED", "The process ends."));
    await expectCode(chord.barrier(1).succeed(chord.member(1), { json: 1 }, refuse, noCelery), "CLOSED");
    expect(await countReady(chord.broker, chord.queue)).toBe(2);
    await chord.succeed(1);
    expect(chord.bodies).toEqual([[0, 1]]);
  });

  it("asks again when the broker doesn't take the body at once", async () => {
    const chord = await openChord(1);
    const bodies: unknown[] = [];
    let refusals = 1;
    await chord.barrier(0).succeed(
      chord.member(0),
      { json: 0 },
      async (results) => {
        if (refusals-- > 0) throw new LigatureError("REFUSED", "The queue is full.");
        bodies.push(results);
      },
      noCelery,
    );
    expect(bodies).toEqual([[{ json: 0 }]]);
  });

  it("doesn't trip over what strangers put into its queue", async () => {
    const chord = await openChord(2);
    await chord.broker.publish(messageTo(chord.queue, "no JSON"));
    for (const group_index of [-1, 2, 0.5, "0"]) {
      await chord.broker.publish(
        messageTo(chord.queue, '{"task_id":"x","status":"SUCCESS","result":"forged"}', {
          headers: { group_index },
          properties: { contentType: "application/json", contentEncoding: "utf-8" },
        }),
      );
    }
    await chord.succeed(0);
    expect(chord.bodies).toEqual([]);
    await chord.succeed(1);
    expect(chord.bodies).toEqual([[0, 1]]);
  });

  it("opens twice without harm, also with another time to live", async () => {
    const chord = await openChord(2);
    await chord.succeed(0);
    await chord.barrier(0).open({ groupId: chord.groupId, size: 2 });
    await bench.open({ resultExpires: 1_000_000 }).backend.chords.open({ groupId: chord.groupId, size: 2 });
    await chord.succeed(1);
    expect(chord.bodies).toEqual([[0, 1]]);
  });

  it("refuses members that don't say which of how many they are", async () => {
    const chord = await openChord(2);
    for (const wrong of [{ size: undefined }, { index: Number.POSITIVE_INFINITY }, { index: 2 }, { size: 0 }]) {
      const member = { ...chord.member(0), ...wrong };
      await expectCode(
        chord.barrier(0).succeed(member, { json: 0 }, async () => {}, noCelery),
        "UNREADABLE",
      );
      await expectCode(
        chord.barrier(0).fail(member, { json: 0 }, async () => {}),
        "UNREADABLE",
      );
    }
  });

  it("an abandoned chord goes by itself; one in which something happens stays", async () => {
    const { backend, broker } = bench.open({ resultExpires: 500 });
    const [abandoned, busy] = [randomUUID(), randomUUID()];
    await backend.chords.open({ groupId: abandoned, size: 100_000 });
    await backend.chords.open({ groupId: busy, size: 100_000 });
    let index = 0;
    await eventually(async () => {
      await backend.chords.succeed(
        { groupId: busy, index, taskId: String(index), size: 100_000 },
        { json: index++ },
        async () => {},
        noCelery,
      );
      await expectCode(broker.publish(messageTo(`ligature.chord.${abandoned}`, "x")), "UNROUTABLE");
    });
    expect(await countReady(broker, `ligature.chord.${busy}`)).toBe(index);
  });
});

const member = fc.nat({ max: 7 });
const plans: fc.Arbitrary<Plan> = fc
  .record({
    size: fc.integer({ min: 1, max: 8 }),
    processes: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
    // Halves: killed after the step instead of before it.
    kills: fc.array(
      fc.integer({ min: 2, max: 30 }).map((halves) => halves / 2),
      { maxLength: 5 },
    ),
    duplicates: fc.array(member, { maxLength: 6 }),
    failures: fc.array(fc.tuple(member, fc.constantFrom(1, 2, Number.POSITIVE_INFINITY)), { maxLength: 2 }),
    choices: fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 20 }),
  })
  .map(({ size, duplicates, failures, ...rest }) => ({
    ...rest,
    size,
    duplicates: duplicates.filter((index) => index < size),
    failures: new Map(failures.filter(([index]) => index < size)),
  }));

describe.each(brokers)("a chord joined by queues on $name", ({ name, url }) => {
  const bench = brokerBench(url);
  const runs = name === "memory" ? 500 : 40;

  it("ends, in whatever order its members end, twice or failing, and wherever processes are killed", async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const { bodies, failures, kills, leftOver } = await simulate(plan, () => bench.open());
        const ends = bodies.length + failures.length;
        expect(ends).toBeGreaterThanOrEqual(1);
        // Whoever is killed between the end and its being noted repeats it.
        expect(ends).toBeLessThanOrEqual(1 + kills);
        const expected = Array.from({ length: plan.size }, (_, index) => ({ index, run: "any" }));
        for (const body of bodies) expect(body).toEqual(expected);
        if (plan.failures.size === 0) expect(failures).toEqual([]);
        if ([...plan.failures.values()].includes(Number.POSITIVE_INFINITY)) expect(bodies).toEqual([]);
        expect(leftOver).toBe(false);
      }),
      { numRuns: runs },
    );
  });
});
