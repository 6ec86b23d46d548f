import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, it, vi } from "vitest";
import type { Culprit } from "../../src/dist/backend/index.js";
import { LigatureError } from "../../src/dist/errors/index.js";
import type { ChordMember, Packed } from "../../src/dist/protocol/index.js";
import { backendBench, resultOf } from "../support/backend-bench.ts";
import { expectCode } from "../support/broker-bench.ts";
import { redisUrl } from "../support/brokers.ts";
import { eventually } from "../support/patience.ts";
import { rawRedis } from "../support/raw-redis.ts";

/** Chords on Redis, by the barrier alone; test/interop/redis.test.ts has Celery's workers at the other end. */
describe("a chord's barrier on Redis", () => {
  const bench = backendBench({ url: redisUrl, broker: () => "memory://" });
  const raw = rawRedis(redisUrl());
  afterAll(() => raw[Symbol.asyncDispose]());

  /** @param sized false as Celery starts a chord: no member knows how many there are */
  async function openChord(size: number, { sized = true } = {}) {
    const handles = [bench.open().backend, bench.open().backend];
    const groupId = randomUUID();
    if (sized) await handles[0]?.chords.open({ groupId, size });
    const bodies: (readonly unknown[])[] = [];
    const failures: { culprit: Culprit; error: unknown }[] = [];
    const join = async (results: readonly Packed[]): Promise<void> => void bodies.push(results.map(({ json }) => json));
    const member = (index: number): ChordMember => ({
      groupId,
      index,
      taskId: `${groupId}-${index}`,
      size: sized ? size : undefined,
    });
    const barrier = (index: number) => handles[index % 2]!.chords;
    const failed = async (culprit: Culprit, { json }: Packed): Promise<void> => void failures.push({ culprit, error: json });
    const key = `celery-taskset-meta-${groupId}`;
    return {
      groupId,
      bodies,
      failures,
      member,
      barrier,
      join,
      failed,
      key,
      succeed: (index: number, json: unknown = index) => barrier(index).succeed(member(index), { json }, join, failed),
      fail: (index: number, tell: () => Promise<void>) => barrier(index).fail(member(index), { json: "error" }, tell),
      /** What a Celery worker does when a member has ended (celery.backends.redis, `on_chord_part_return`), up to the comparison. */
      celery: (index: number, state: string, json: unknown) =>
        raw.run(async (redis) => {
          const id = `${groupId}-${index}`;
          await redis.zadd(`${key}.j`, index, JSON.stringify([1, id, state, json]).replaceAll(",", ", "));
          const [count, extra, total] = [
            await redis.zcount(`${key}.j`, "-inf", "+inf"),
            await redis.get(`${key}.t`),
            await redis.get(`${key}.s`),
          ];
          return total !== null && count === Number(total) + Number(extra ?? 0);
        }),
      keys: () => raw.run((redis) => redis.keys(`${key}*`)),
    };
  }

  it("joins the results in the header's order, and leaves nothing", async () => {
    const chord = await openChord(5);
    for (const index of [3, 0, 4, 1, 2]) await chord.succeed(index);
    expect(chord.bodies).toEqual([[0, 1, 2, 3, 4]]);
    expect(await chord.keys()).toEqual([]);
  });

  it("keeps Celery's form: size, entries by place, and both for as long as results are kept", async () => {
    const chord = await openChord(3);
    await chord.succeed(1, { a: 1 });
    const entries = await raw.run((redis) => redis.zrange(`${chord.key}.j`, "0", "-1", "WITHSCORES"));
    expect(entries).toEqual([JSON.stringify([1, `${chord.groupId}-1`, "SUCCESS", { a: 1 }]), "1"]);
    expect(await raw.run((redis) => redis.get(`${chord.key}.s`))).toBe("3");
    for (const suffix of [".s", ".j"]) {
      const seconds = await raw.run((redis) => redis.ttl(chord.key + suffix));
      expect(seconds).toBeGreaterThan(50);
      expect(seconds).toBeLessThanOrEqual(60);
    }
  });

  it("carries annotations, null, and large results", async () => {
    const chord = await openChord(3);
    const parts: readonly Packed[] = [
      { json: "2026-01-02T03:04:05.000Z", meta: { values: ["Date"], v: 1 } },
      { json: null },
      { json: "x".repeat(1_000_000) },
    ];
    const joined = vi.fn(async (_results: readonly Packed[]) => {});
    for (const [index, part] of parts.entries()) {
      await chord.barrier(index).succeed(chord.member(index), part, joined, chord.failed);
    }
    expect(joined.mock.calls).toMatchObject([[parts]]);
  });

  it("of 1,000 members that end at once", async () => {
    const chord = await openChord(1000);
    await Promise.all(Array.from({ length: 1000 }, (_, index) => chord.succeed(index)));
    expect(chord.bodies).toEqual([Array.from({ length: 1000 }, (_, index) => index)]);
    expect(await chord.keys()).toEqual([]);
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

  it("members without a place count, too", async () => {
    const chord = await openChord(3);
    const homeless = (index: number): ChordMember => ({ ...chord.member(index), index: Number.POSITIVE_INFINITY });
    await chord.barrier(1).succeed(homeless(1), { json: "b" }, chord.join, chord.failed);
    await chord.barrier(1).succeed(homeless(1), { json: "b" }, chord.join, chord.failed);
    await chord.barrier(2).succeed(homeless(2), { json: "c" }, chord.join, chord.failed);
    await chord.succeed(0, "a");
    expect(chord.bodies).toEqual([["a", "b", "c"]]);
  });

  it("the last two at once run the body once", async () => {
    for (let round = 0; round < 20; round += 1) {
      const chord = await openChord(2);
      await Promise.all([chord.succeed(0), chord.succeed(1)]);
      expect(chord.bodies).toEqual([[0, 1]]);
    }
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
    expect(await chord.keys()).toEqual([]);
  });

  it("fails at once, once, and nobody finds it complete afterwards, Celery's workers included", async () => {
    const chord = await openChord(4);
    await chord.succeed(0);
    const tell = vi.fn(async () => {});
    await Promise.all([chord.fail(1, tell), chord.fail(2, tell)]);
    expect(tell).toHaveBeenCalledTimes(1);
    await chord.succeed(1);
    const complete = [
      await chord.celery(0, "SUCCESS", 0),
      await chord.celery(1, "SUCCESS", 1),
      await chord.celery(2, "FAILURE", {}),
      await chord.celery(3, "SUCCESS", 3),
    ];
    expect(complete).toEqual([false, false, false, false]);
    await chord.succeed(3);
    expect(chord.bodies).toEqual([]);
    expect(chord.failures).toEqual([]);
  });

  it("that Celery hasn't given its size yet fails for good as well", async () => {
    const chord = await openChord(2, { sized: false });
    const tell = vi.fn(async () => {});
    await chord.fail(0, tell);
    await raw.run((redis) => redis.setex(`${chord.key}.s`, 60, 2));
    expect(await chord.celery(1, "SUCCESS", 1)).toBe(false);
    await chord.succeed(1);
    await chord.fail(1, tell);
    expect([chord.bodies, tell.mock.calls.length]).toEqual([[], 1]);
  });

  it("that Celery has started waits for its size; members of both count", async () => {
    const chord = await openChord(3, { sized: false });
    await chord.succeed(2);
    expect(await chord.celery(0, "SUCCESS", "python")).toBe(false);
    await raw.run((redis) => redis.setex(`${chord.key}.s`, 60, 3));
    await chord.succeed(1);
    expect(chord.bodies).toEqual([["python", 1, 2]]);
    expect(await chord.keys()).toEqual([]);
  });

  it("that ours completes and a Celery worker's member has failed is failed by ours", async () => {
    const chord = await openChord(3);
    const problem = { exc_type: "ValueError", exc_message: ["no"], exc_module: "builtins" };
    await chord.succeed(0);
    await chord.celery(1, "FAILURE", problem);
    await chord.succeed(2);
    expect(chord.bodies).toEqual([]);
    expect(chord.failures).toEqual([{ culprit: { index: 1, taskId: `${chord.groupId}-1` }, error: problem }]);
    await chord.succeed(2);
    expect(chord.failures).toHaveLength(1);
  });

  it("with groups in its header, which Celery saves, gives the body lists", async () => {
    const chord = await openChord(3, { sized: false });
    const id = (index: number): unknown => [[`${chord.groupId}-${index}`, null], null];
    const { backend } = bench.open();
    const other = randomUUID();
    await backend.store(resultOf(other, "stored"), { replyTo: undefined, correlationId: undefined });
    const inner = [
      [randomUUID(), null],
      [id(1), id(2)],
    ];
    await backend.saveGroup?.(chord.groupId, [id(0), inner, [[other, null], null]]);
    await raw.run((redis) => redis.setex(`${chord.key}.s`, 60, 3));
    for (const index of [2, 1, 0]) await chord.succeed(index);
    expect(chord.bodies).toEqual([[0, [1, 2], "stored"]]);
  });

  it("a failure that races the completion ends it one way or the other, not both", async () => {
    for (let round = 0; round < 20; round += 1) {
      const chord = await openChord(2);
      await chord.succeed(0);
      const tell = vi.fn(async () => {});
      // A request that ran twice, and failed the second time.
      await Promise.all([chord.succeed(1), chord.fail(1, tell)]);
      expect(chord.bodies.length + chord.failures.length + tell.mock.calls.length).toBe(1);
    }
  });

  it("the member that can't send the body gives its claim back, and sends it when it comes again", async () => {
    const chord = await openChord(2);
    await chord.succeed(0);
    const refuse = (): Promise<void> => Promise.reject(new LigatureError("CLOSED", "The process ends."));
    await expectCode(chord.barrier(1).succeed(chord.member(1), { json: 1 }, refuse, chord.failed), "CLOSED");
    await chord.succeed(1);
    expect(chord.bodies).toEqual([[0, 1]]);
  });

  it("the member that can't tell of its failure tells when it comes again, even if it succeeds then", async () => {
    const chord = await openChord(2);
    await chord.succeed(0);
    await expectCode(
      chord.fail(1, () => Promise.reject(new LigatureError("CLOSED", "The process ends."))),
      "CLOSED",
    );
    await chord.succeed(1);
    expect(chord.bodies).toEqual([]);
    expect(chord.failures).toEqual([{ culprit: { index: 1, taskId: `${chord.groupId}-1` }, error: "error" }]);
  });

  it("a member whose process was killed while it sent the body takes its own claim over; others don't", async () => {
    const chord = await openChord(2);
    await chord.succeed(0);
    const begun = vi.fn();
    // Never settles: the process is gone.
    void chord.barrier(1).succeed(chord.member(1), { json: 1 }, () => new Promise(begun), chord.failed);
    await eventually(() => expect(begun).toHaveBeenCalled());
    await chord.succeed(0);
    expect(chord.bodies).toEqual([]);
    await chord.succeed(1);
    expect(chord.bodies).toEqual([[0, 1]]);
    expect(await chord.keys()).toEqual([]);
  });

  it("asks again when the body isn't taken at once", async () => {
    const chord = await openChord(1);
    let refusals = 1;
    const join = async (results: readonly Packed[]): Promise<void> => {
      if (refusals-- > 0) throw new LigatureError("REFUSED", "The queue is full.");
      await chord.join(results);
    };
    await chord.barrier(0).succeed(chord.member(0), { json: 0 }, join, chord.failed);
    expect(chord.bodies).toEqual([[0]]);
  });

  it("opens twice without harm", async () => {
    const chord = await openChord(2);
    await chord.succeed(0);
    await chord.barrier(1).open({ groupId: chord.groupId, size: 2 }, { giveUpAt: Date.now() + 5000 });
    await chord.succeed(1);
    expect(chord.bodies).toEqual([[0, 1]]);
  });

  it.each([{ index: 2 }, { index: -1 }, { index: 0.5 }, { index: Number.NaN }, { size: 0 }])(
    "refuses members that are out of place: %j",
    async (wrong) => {
      const chord = await openChord(2);
      const member = { ...chord.member(0), ...wrong };
      await expectCode(chord.barrier(0).succeed(member, { json: 0 }, chord.join, chord.failed), "UNREADABLE");
      await expectCode(
        chord.barrier(0).fail(member, { json: 0 }, async () => {}),
        "UNREADABLE",
      );
    },
  );

  it("doesn't run the body on what strangers put among the results", async () => {
    const chord = await openChord(2);
    await raw.run((redis) => redis.zadd(`${chord.key}.j`, 0, "no JSON"));
    await expectCode(chord.succeed(1), "UNREADABLE");
    expect(chord.bodies).toEqual([]);
  });
});
