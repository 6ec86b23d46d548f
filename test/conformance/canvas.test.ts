import { chain, chord, chunks, group, map, starmap } from "ligature";
import { describe, expect, it } from "vitest";
import { silentLogger } from "../../src/dist/logging/index.js";
import { combinations, startLabOn } from "../support/combinations.ts";
import type { LabSystem } from "../support/lab.ts";
import { patience } from "../support/patience.ts";
import { openBroker } from "../support/open.ts";

const soon = { timeout: patience };

interface Gathered {
  readonly values: readonly unknown[];
  readonly ctx: { readonly id: string; readonly parentId: string | undefined; readonly rootId: string };
}

interface Recorded {
  readonly value: unknown;
}

describe.each(combinations)("workflows of groups on $name", (combination) => {
  const start = (options = {}): Promise<LabSystem> => startLabOn(combination, options);

  describe("a group", () => {
    it("gives its members' results in its own order and shape", async () => {
      await using system = await start();
      const { lab, app } = system;
      const result = await app.send(group(lab.add.si(1, 2), lab.describe.si(1, "apple"), lab.add.si(3, 4)));
      expect(await result.get(soon)).toEqual([3, "1 apple", 7]);
    });

    it("of groups, chains and chords gives a nested list", async () => {
      await using system = await start();
      const { lab, app } = system;
      const result = await app.send(
        group(
          group(lab.add.si(1, 1), group(lab.add.si(2, 2))),
          chain(lab.add.si(3, 3), lab.double.s()),
          chord([lab.add.si(1, 1), lab.add.si(2, 2)], lab.sum.s()),
        ),
      );
      expect(await result.get(soon)).toEqual([[2, [4]], 12, 6]);
    });

    it("that is empty is an empty list, wherever it stands", async () => {
      await using system = await start();
      const { lab, app } = system;
      const none = group([] as ReturnType<typeof lab.add.si>[]);
      expect(await (await app.send(none)).get(soon)).toEqual([]);
      expect(await (await app.send(none.pipe(lab.gather.s("empty")))).get(soon)).toEqual([]);
      const nested = await app.send(group(none, lab.add.si(1, 2)));
      expect(await nested.get(soon)).toEqual([[], 3]);
    });

    it("as a chain's end, joined, with a link behind it", async () => {
      await using system = await start();
      const { lab, app, journal } = system;
      const ends = group(lab.double.s(), lab.describe.s("pears"));
      const result = await app.send(chain(lab.add.si(1, 2), ends).link(lab.gather.s("behind")));
      expect(await result.get(soon)).toEqual([6, "3 pears"]);
      expect((await journal.entry<Gathered>("behind")).values).toEqual([6, "3 pears"]);
    });

    it("as a success callback of a task", async () => {
      await using system = await start();
      const { lab, remote, journal } = system;
      await remote.add.applyAsync([1, 2], { link: group(lab.record.s("one"), lab.record.s("two")) });
      expect(await journal.entry<Recorded>("one")).toMatchObject({ value: 3 });
      expect(await journal.entry<Recorded>("two")).toMatchObject({ value: 3 });
    });
  });

  describe("a chord", () => {
    it("runs its body with all results, once", async () => {
      await using system = await start();
      const { lab, app, journal } = system;
      const result = await app.send(chord([lab.add.si(1, 2), lab.describe.si(1, "apple")], lab.gather.s("body")));
      expect(await result.get(soon)).toEqual([3, "1 apple"]);
      expect(await system.remote.add(1, 1)).toBe(2);
      expect(journal.all("body")).toHaveLength(1);
    });

    it("of one member, and of none", async () => {
      await using system = await start();
      const { lab, app } = system;
      expect(await (await app.send(chord([lab.add.si(1, 2)], lab.sum.s()))).get(soon)).toBe(3);
      expect(await (await app.send(chord([], lab.sum.s()))).get(soon)).toBe(0);
    });

    it("of 300 members keeps their order", async () => {
      await using system = await start();
      const { lab, app } = system;
      const header = Array.from({ length: 300 }, (_, index) => lab.add.si(index, 0));
      const result = await app.send(chord(header, lab.gather.s("many")));
      expect(await result.get({ timeout: patience })).toEqual(Array.from({ length: 300 }, (_, index) => index));
    });

    it("of chains, whose last results count", async () => {
      await using system = await start();
      const { lab, app } = system;
      const tripled = chain(lab.add.si(1, 2), lab.double.s());
      const result = await app.send(chord([tripled, lab.add.si(1, 0), tripled], lab.gather.s("chains")));
      expect(await result.get(soon)).toEqual([6, 1, 6]);
    });

    it("in a chord's header, and as its body", async () => {
      await using system = await start();
      const { lab, app } = system;
      const inner = chord([lab.add.si(1, 1), lab.add.si(2, 2)], lab.sum.s());
      const outer = await app.send(chord([inner, inner, lab.add.si(0, 1)], lab.sum.s()));
      expect(await outer.get(soon)).toBe(13);
      const again = chain(lab.sum.s(), group(lab.double.s(), lab.double.s()), lab.sum.s());
      expect(await (await app.send(chord([lab.add.si(1, 2), lab.add.si(3, 4)], again))).get(soon)).toBe(40);
    });

    it("in the middle of a chain, where a group is one", async () => {
      await using system = await start();
      const { lab, app } = system;
      const result = await app.send(
        chain(
          lab.add.si(1, 2),
          group(lab.double.s(), lab.double.s()),
          lab.sum.s(),
          chord([lab.double.s(), lab.double.s()], lab.sum.s()),
          lab.double.s(),
        ),
      );
      expect(await result.get(soon)).toBe(96);
    });

    it("at the start of a chain", async () => {
      await using system = await start();
      const { lab, app } = system;
      const result = await app.send(group(lab.add.si(1, 2), lab.add.si(3, 4)).pipe(lab.sum.s()).pipe(lab.double.s()));
      expect(await result.get(soon)).toBe(20);
    });

    it("as a success callback, with links of its own", async () => {
      await using system = await start();
      const { lab, remote, journal } = system;
      const body = lab.sum.s().link(lab.record.s("sum"));
      await remote.add.applyAsync([1, 2], { link: chord([lab.double.s(), lab.double.s(), lab.add.si(0, 1)], body) });
      expect(await journal.entry<Recorded>("sum")).toMatchObject({ value: 13 });
    });

    it("joins what JSON alone can't carry", async () => {
      await using system = await start();
      const { lab, app } = system;
      const rich = (big: bigint) => ({
        when: new Date(Number(big)),
        tags: new Set([String(big)]),
        counts: new Map([["x", Number(big)]]),
        big,
      });
      const values = [rich(1n), rich(2n), rich(3n)];
      const header = values.map((value) => lab.echo.si(value));
      expect(await (await app.send(chord(header, lab.gatherRich.s()))).get(soon)).toEqual(values);
      // Joined without a body of its own, and given on.
      const twice = await app.send(chain(group(header), lab.gatherRich.s(), lab.gather.s("rich")));
      expect(await twice.get(soon)).toEqual(values);
      expect(await (await app.send(group(group(header), group(header)))).get(soon)).toEqual([values, values]);
    });

    it("keeps a member's place when that is retried", async () => {
      await using system = await start();
      const { lab, app } = system;
      const result = await app.send(chord([lab.flaky.si("place", 2), lab.add.si(1, 2)], lab.gather.s("retried")));
      expect(await result.get(soon)).toEqual([2, 3]);
    });

    it("tells its body where it comes from", async () => {
      await using system = await start();
      const { lab, app, journal } = system;
      const result = await app.send(chord([lab.add.si(1, 2), lab.add.si(3, 4)], lab.gather.s("origin")));
      await result.get(soon);
      const { ctx } = await journal.entry<Gathered>("origin");
      const header = result.parent;
      expect(ctx.id).toBe(result.id);
      if (header === undefined || !("results" in header)) throw new Error("A chord's parent is its header.");
      expect(header.results.map(({ id }) => id)).toContain(ctx.parentId);
      expect(await header.get(soon)).toEqual([3, 7]);
    });

    it("of members that nobody waits for still joins their results", async () => {
      await using system = await start();
      const { lab, app } = system;
      const result = await app.send(chord([lab.quiet.si("a"), lab.quiet.si("b")], lab.gather.s("quiet")));
      expect(await result.get(soon)).toEqual([null, null]);
    });
  });

  describe("maps", () => {
    it("run one task for each item, in one request", async () => {
      await using system = await start();
      const { lab, app } = system;
      expect(await (await app.send(map(lab.double, [1, 2, 3]))).get(soon)).toEqual([2, 4, 6]);
      const args: [number, number][] = [
        [1, 2],
        [3, 4],
      ];
      expect(await (await app.send(starmap(lab.add, args))).get(soon)).toEqual([3, 7]);
      expect(await (await app.send(map(lab.double, []))).get(soon)).toEqual([]);
      await expect.poll(() => system.worker.statistics().succeeded).toBe(3);
    });

    it("of chunks are a group of lists", async () => {
      await using system = await start();
      const { lab, app } = system;
      const args = [1, 2, 3, 4, 5].map((value): [number, number] => [value, 1]);
      expect(await (await app.send(chunks(lab.add, args, 2))).get(soon)).toEqual([[2, 3], [4, 5], [6]]);
      const flat = await app.send(chunks(lab.add, args, 2).pipe(lab.gather.s("chunks")));
      expect(await flat.get(soon)).toEqual([[2, 3], [4, 5], [6]]);
    });

    it("leave out what may be left out, and apply defaults", async () => {
      await using system = await start();
      const { lab, app } = system;
      const greetings = await app.send(starmap(lab.greet, [["ann"], ["ben", { loud: true }], ["cy", undefined, 2]]));
      expect(await greetings.get(soon)).toEqual(["hello ann", "HELLO BEN", "hello cyhello cy"]);
    });

    it("carry what JSON alone can't, both ways", async () => {
      await using system = await start();
      const { lab, app } = system;
      const value = { when: new Date(0), tags: new Set(["a"]), counts: new Map([["x", 1]]), big: 1n };
      expect(await (await app.send(map(lab.echo, [value, value]))).get(soon)).toEqual([value, value]);
    });

    it("fail as the task does that they run", async () => {
      await using system = await start();
      const { lab, app } = system;
      const failing = await app.send(map(lab.order, ["pen"]));
      const outcome = await failing.settle(soon);
      expect(outcome).toMatchObject({ ok: false, error: { name: "OutOfStock", data: { item: "pen" } } });
    });
  });

  it("names what a request has sent as its children", async () => {
    await using system = await start();
    const { lab, remote } = system;
    const linked = await remote.add.applyAsync([1, 2], {
      link: [lab.record.s("a"), group(lab.record.s("b"), lab.record.s("c"))],
    });
    await linked.get(soon);
    expect(await linked.children()).toHaveLength(3);
    // A call that a handler has made.
    const calling = await remote.nested.delay("children");
    await calling.get(soon);
    expect(await calling.children()).toHaveLength(1);
  });
});

/** Requests as a Celery app writes them. */
describe.each(combinations)("Celery's builtin tasks on $name", (combination) => {
  async function request(
    system: LabSystem,
    task: string,
    { args = [], kwargs = {} }: { readonly args?: readonly unknown[]; readonly kwargs?: Record<string, unknown> },
    key: string,
  ): Promise<void> {
    const broker = openBroker(system.broker, {
      name: "raw",
      log: silentLogger,
      publishTimeout: 5000,
      maxPayload: 1_000_000,
      maxUnconfirmed: 1000,
    });
    const exchangeOptions = { exchange: "ligature", routing_key: system.queue };
    const callback = (name: string, immutable: boolean) => ({
      task: name,
      args: [key],
      kwargs: {},
      options: exchangeOptions,
      subtask_type: null,
      immutable,
    });
    await broker.publish({
      exchange: "",
      routingKey: system.queue,
      headers: { task, id: `${key}-id`, lang: "py" },
      properties: { contentType: "application/json", contentEncoding: "utf-8" },
      body: Buffer.from(
        JSON.stringify([
          args,
          kwargs,
          {
            callbacks: [callback("lab.gather", false)],
            errbacks: [callback("lab.recordFailure", true)],
            chain: null,
            chord: null,
          },
        ]),
      ),
    });
    await broker.close();
  }

  const signature = (task: string) => ({ task, args: [], kwargs: {}, options: {}, subtask_type: null, immutable: false });

  it("celery.map and celery.starmap take keyword arguments", async () => {
    await using system = await startLabOn(combination);
    await request(system, "celery.map", { kwargs: { task: signature("lab.double"), it: [1, 2] } }, "map");
    expect((await system.journal.entry<Gathered>("map")).values).toEqual([2, 4]);
    await request(
      system,
      "celery.starmap",
      {
        kwargs: {
          task: signature("lab.add"),
          it: [
            [1, 2],
            [3, 4],
          ],
        },
      },
      "starmap",
    );
    expect((await system.journal.entry<Gathered>("starmap")).values).toEqual([3, 7]);
  });

  it("celery.accumulate returns its arguments, or the joined results", async () => {
    await using system = await startLabOn(combination);
    await request(system, "celery.accumulate", { args: [[1, "a"]], kwargs: { index: 0 } }, "joined");
    expect((await system.journal.entry<Gathered>("joined")).values).toEqual([1, "a"]);
    await request(system, "celery.accumulate", { args: [[1, "a"]] }, "all");
    expect((await system.journal.entry<Gathered>("all")).values).toEqual([[1, "a"]]);
  });

  it.each([
    [
      "a task of another contract",
      "celery.map",
      { task: signature("elsewhere.task"), it: [1] },
      "NOT_REGISTERED",
      /elsewhere\.task/,
    ],
    ["no signature", "celery.map", { task: "lab.double", it: [1] }, undefined, /signature of a task/],
    ["an item that doesn't fit", "celery.map", { task: signature("lab.double"), it: [1, "2"] }, undefined, /it/],
    ["too many arguments", "celery.starmap", { task: signature("lab.double"), it: [[1, 2]] }, undefined, /at most 1/],
    ["no list", "celery.map", { task: signature("lab.double"), it: 1 }, undefined, /expected an array/],
    ["an index that isn't there", "celery.accumulate", { index: 1 }, "RangeError", /index|at 1/],
  ])("are refused with %s, and error callbacks told", async (what, task, kwargs, name, message) => {
    await using system = await startLabOn(combination);
    await request(system, task, { kwargs }, what);
    const failure = await system.journal.entry<{ error: { name: string; code?: string; message: string } }>(what);
    expect(failure.error.message).toMatch(message);
    if (name !== undefined) expect([failure.error.name, failure.error.code]).toContain(name);
  });
});
