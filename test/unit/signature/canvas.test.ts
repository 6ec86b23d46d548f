import { describe, expect, it } from "vitest";
import { z } from "zod";
import { contract, parseArguments, parseResult, parseWith, task } from "../../../src/dist/contract/index.js";
import {
  describe as named,
  isImmutable,
  joined,
  tailOf,
  tasksIn,
  type ChordSignatureData,
  type ImmutableSignature,
  type Mappable,
  type Signature,
  type SignatureData,
  type Starmappable,
  type TaskSignatureData,
} from "../../../src/dist/signature/index.js";
import { generated, ours, theirs } from "../protocol/contract.ts";
import { anyChain, anyChord, anyChunks, anyGroup, anyMap, anyStarmap, errorOf } from "../protocol/support.ts";

const a = ours.si("done", "a");
const b = ours.si("plain", "b");
const next = ours.s("done");
const errback = ours.si("failed", "e");

const dataOf = (signature: Signature<never, unknown>): SignatureData => signature["~signature"];
const shown = (signature: Signature<never, unknown>): string => named(dataOf(signature));
const tasks = (signature: Signature<never, unknown>): TaskSignatureData[] => [...tasksIn(dataOf(signature))];
const names = (list: readonly TaskSignatureData[]): string[] => list.map(({ task: { spec } }) => spec.name);

describe("normal form", () => {
  it.each<[string, Signature<never, unknown>, string]>([
    ["a group of several", anyGroup(a, b), "group(ours.done.si(…), ours.plain.si(…))"],
    ["a group of an array", anyGroup([a, b]), "group(ours.done.si(…), ours.plain.si(…))"],
    [
      "a chain in a chain",
      anyChain(anyChain(a, next), anyChain(next, b)),
      "chain(ours.done.si(…), ours.done.s(…), ours.done.s(…), ours.plain.si(…))",
    ],
    ["a chain of one", anyChain(a), "ours.done.si(…)"],
    ["a chain of a group", anyChain(anyGroup(a)), "group(ours.done.si(…))"],
    ["a group and what follows", anyChain(anyGroup(a, b), next), "chord([ours.done.si(…), ours.plain.si(…)], ours.done.s(…))"],
    ["a group, piped", anyGroup(a, b).pipe(next), "chord([ours.done.si(…), ours.plain.si(…)], ours.done.s(…))"],
    [
      "a chord and what follows",
      anyChain(anyChord([a], next), b, next),
      "chord([ours.done.si(…)], chain(ours.done.s(…), ours.plain.si(…), ours.done.s(…)))",
    ],
    [
      "a group in the middle",
      anyChain(a, anyGroup(next, next), next, b),
      "chain(ours.done.si(…), chord([ours.done.s(…), ours.done.s(…)], chain(ours.done.s(…), ours.plain.si(…))))",
    ],
    ["a group at the end", anyChain(a, anyGroup(next)), "chain(ours.done.si(…), group(ours.done.s(…)))"],
    [
      "a group at the end, piped later",
      anyChain(a, anyGroup(next)).pipe(b),
      "chain(ours.done.si(…), chord([ours.done.s(…)], ours.plain.si(…)))",
    ],
    [
      "two groups",
      anyChain(anyGroup(a), anyGroup(next), next),
      "chord([ours.done.si(…)], chord([ours.done.s(…)], ours.done.s(…)))",
    ],
    [
      "a group in a group",
      anyGroup(anyGroup(a, b), a),
      "group(chord([ours.done.si(…), ours.plain.si(…)], celery.accumulate.s(…)), ours.done.si(…))",
    ],
    [
      "a chain in a group that ends in a group",
      anyGroup(anyChain(a, anyGroup(next))),
      "group(chain(ours.done.si(…), chord([ours.done.s(…)], celery.accumulate.s(…))))",
    ],
    ["a chord of a group", anyChord(anyGroup(a, b), next), "chord([ours.done.si(…), ours.plain.si(…)], ours.done.s(…))"],
    ["a chord of one signature", anyChord(a, next), "chord([ours.done.si(…)], ours.done.s(…))"],
  ])("%s", (_name, signature, expected) => {
    expect(shown(signature)).toBe(expected);
  });

  it("shortens long lists in messages", () => {
    expect(shown(anyGroup(Array.from({ length: 500 }, () => a)))).toContain("… 495 more");
  });

  it("is frozen, and copies leave the original as it is", () => {
    const original = anyGroup(a, b);
    const before = JSON.stringify(dataOf(original));
    original.set({ priority: 3 }).linkError(errback).link(next).pipe(next);
    expect(JSON.stringify(dataOf(original))).toBe(before);
    expect(Object.isFrozen(dataOf(original))).toBe(true);
  });

  it("knows what waits", () => {
    expect(isImmutable(dataOf(anyGroup(a, b)))).toBe(true);
    expect(isImmutable(dataOf(anyGroup(a, next)))).toBe(false);
    expect(isImmutable(dataOf(anyGroup()))).toBe(true);
    expect(isImmutable(dataOf(anyChord([a], next)))).toBe(true);
    expect(isImmutable(dataOf(anyChord([next], a)))).toBe(false);
    expect(isImmutable(dataOf(anyChain(anyGroup(next), a)))).toBe(false);
  });
});

describe("joining", () => {
  const tail = (signature: Signature<never, unknown>): TaskSignatureData => tailOf(joined(dataOf(signature)));

  it("has one task at the end, in the queue of the first member, whose result is the tuple", () => {
    const { task: accumulate, kwargs, immutable } = tail(anyGroup(b, theirs.si("add", 1, 2)));
    expect(accumulate.spec).toMatchObject({
      name: "celery.accumulate",
      contract: "ours",
      queue: { name: "ours" },
      ignoreResult: false,
    });
    expect({ kwargs, immutable }).toEqual({ kwargs: { index: 0 }, immutable: false });
    expect(parseResult(accumulate.spec, ["text", 3])).toEqual(["text", 3]);
    expect(() => parseResult(accumulate.spec, ["text"])).toThrow("expected an array of 2");
    expect(() => parseResult(accumulate.spec, [1, 3])).toThrow("[0]");
  });

  it("nests tuples as groups are nested", () => {
    const { task: accumulate } = tail(anyGroup(anyGroup(b, b), b));
    expect(parseResult(accumulate.spec, [["x", "y"], "z"])).toEqual([["x", "y"], "z"]);
    expect(() => parseResult(accumulate.spec, ["x", "y", "z"])).toThrow();
  });

  it("makes nothing of what returns nothing", () => {
    const { task: accumulate } = tail(anyGroup(ours.si("failed", "k"), b));
    expect(parseResult(accumulate.spec, [null, "x"])).toEqual([undefined, "x"]);
    expect(accumulate.plainResult).toBe(false);
  });

  it("takes an empty group's queue from what is near", () => {
    expect(tail(anyChain(theirs.si("add", 1, 2), anyGroup())).task.spec.queue.name).toBe("celery");
    expect(names(tasks(anyGroup(anyGroup(), b)))).toEqual(["celery.accumulate", "ours.plain"]);
    expect(errorOf(() => anyGroup(anyGroup()))).toMatchObject({ code: "INVALID_ARGUMENTS" });
    expect(errorOf(() => anyGroup().link(next)).message).toContain("An empty group");
  });
});

describe("callbacks and options", () => {
  const linked = (signature: Signature<never, unknown>): string[] =>
    names(tasks(signature).filter(({ link }) => link.length > 0));
  const guarded = (signature: Signature<never, unknown>): string[] =>
    names(tasks(signature).filter(({ linkError }) => linkError.length > 0));

  it("links to the tail", () => {
    expect(linked(anyChain(a, b).link(next))).toEqual(["ours.plain"]);
    expect(linked(anyChord([a], b).link(next))).toEqual(["ours.plain"]);
    expect(linked(anyChain(a, anyChord([a], anyChain(next, b))).link(next))).toEqual(["ours.plain"]);
    expect(linked(anyGroup(a, b).link(next))).toEqual(["celery.accumulate"]);
    expect(linked(anyChain(a, anyGroup(next)).link(next))).toEqual(["celery.accumulate"]);
  });

  it("links errors to what fails the whole", () => {
    expect(guarded(anyChain(a, b).linkError(errback))).toEqual(["ours.done", "ours.plain"]);
    expect(guarded(anyGroup(a, b).linkError(errback))).toEqual(["ours.done", "ours.plain"]);
    // A header's members carry their own only.
    expect(guarded(anyChord([a], b).linkError(errback))).toEqual(["ours.plain"]);
    expect(guarded(anyChain(theirs.si("add", 1, 2), anyChord([a], b)).linkError(errback))).toEqual(["tasks.add", "ours.plain"]);
    expect(guarded(anyChain(b, anyGroup(next)).linkError(errback))).toEqual(["ours.plain", "celery.accumulate"]);
    const own = anyChain(anyGroup(a, b).linkError(errback), next).linkError(errback);
    expect(guarded(own)).toEqual(["ours.done", "ours.plain", "ours.done"]);
  });

  it("refuses an error callback that waits", () => {
    expect(errorOf(() => a.linkError(anyGroup(errback, next))).message).toContain("can't be an error callback");
    expect(errorOf(() => a.linkError(anyChord([next], a))).message).toContain("can't be an error callback");
    expect(() => a.linkError(anyGroup(errback, errback))).not.toThrow();
    expect(() => a.linkError(anyChain(errback, next))).not.toThrow();
    expect(() => a.linkError(anyChord([errback], next))).not.toThrow();
  });

  it("sets options everywhere, delays on what starts", () => {
    const set = (signature: ImmutableSignature<unknown>): unknown[] =>
      tasks(signature.set({ queue: "q", countdown: 5000 })).map(({ options }) => options);
    const start = { queue: "q", countdown: 5000 };
    const later = { queue: "q" };
    expect(set(anyGroup(a, anyChain(a, b)))).toEqual([start, start, later]);
    expect(set(anyChord([a, b], next))).toEqual([start, start, later]);
    expect(set(anyChord([], next))).toEqual([start]);
    expect(set(anyChain(a, anyGroup(next, next), b))).toEqual([start, later, later, later]);
    expect(set(anyChain(anyGroup(a), next))).toEqual([start, later]);
  });
});

describe("map, starmap, chunks", () => {
  const { plain, rich, done } = ours.tasks;
  const builders = (name: string): Mappable<unknown, unknown> & Starmappable<unknown[], unknown> => ({
    "~task": ours.tasks[name] as NonNullable<(typeof ours.tasks)[string]>,
    si: (...args: unknown[]) => ours.si(name, ...args),
  });
  const only = (signature: Signature<never, unknown>): TaskSignatureData => dataOf(signature) as TaskSignatureData;

  it("are one request of Celery's own task, in the task's own queue", () => {
    const mapped = only(anyMap(builders("plain"), ["x", "y"]));
    expect(mapped).toMatchObject({
      kind: "task",
      immutable: true,
      task: { spec: { name: "celery.map", contract: "ours", queue: plain?.spec.queue }, plainArgs: true },
      args: [{ task: "ours.plain", args: [], kwargs: {}, options: {}, subtask_type: null, immutable: false }, ["x", "y"]],
    });
    const starred = only(
      anyStarmap(builders("plain"), [
        ["x", undefined],
        ["y", 3, undefined],
      ]),
    );
    expect(starred.task.spec.name).toBe("celery.starmap");
    expect(starred.args[1]).toEqual([["x"], ["y", 3]]);
    expect(starred.task.plainArgs).toBe(true);
    expect(only(anyStarmap(builders("plain"), [["x", undefined, null]])).task.plainArgs).toBe(false);
    expect(only(anyMap(builders("rich"), [])).task).toMatchObject({ plainArgs: false, spec: { errors: rich?.spec.errors } });
  });

  it("check each item by the task's parameters", () => {
    const { task: mapping, args } = only(anyMap(builders("plain"), ["x", 3]));
    expect(() => parseArguments(mapping.spec, args)).toThrow(/it\[1\].*expected string/i);
    const starring = only(anyStarmap(builders("plain"), [["x", "much"]]));
    expect(() => parseArguments(starring.task.spec, starring.args)).toThrow(/it\[0\]\[1\].*expected number/i);
    const toomany = only(anyStarmap(builders("failed"), [["x", "y"]]));
    expect(() => parseArguments(toomany.task.spec, toomany.args)).toThrow("at most 1");
    const none = only(anyStarmap(builders("failed"), [[]]));
    expect(() => parseArguments(none.task.spec, none.args)).toThrow(/it\[0\]\[0\]/);
  });

  it("wait for schemas that are asynchronous", async () => {
    const late = generated(
      contract("late", { tasks: { t: task({ params: { x: z.string().refine(async () => Promise.resolve(false)) } }) } }),
    );
    const { task: mapping, args } = only(anyMap({ "~task": late.tasks["t"] }, ["x"]));
    await expect(parseArguments(mapping.spec, args)).rejects.toThrow(/it\[0\]/);
  });

  it("return a list", async () => {
    const { task: mapping } = only(anyMap(builders("plain"), []));
    expect(await parseResult(mapping.spec, ["x"])).toEqual(["x"]);
    expect(() => parseResult(mapping.spec, [1])).toThrow("[0]");
    expect(parseWith(only(anyMap(builders("done"), [])).task.spec.returns ?? z.never(), [new Date(0)])).toEqual({
      ok: true,
      value: [new Date(0)],
    });
    expect(done?.plainResult).toBe(false);
  });

  it("chunks are a group of starmaps", () => {
    const pieces = dataOf(anyChunks(builders("plain"), [["a"], ["b"], ["c"]], 2));
    expect(pieces.kind).toBe("group");
    expect(tasks(anyChunks(builders("plain"), [["a"], ["b"], ["c"]], 2)).map(({ args }) => args[1])).toEqual([
      [["a"], ["b"]],
      [["c"]],
    ]);
    expect(dataOf(anyChunks(builders("plain"), [], 2))).toMatchObject({ kind: "group", members: [] });
    const summed = dataOf(anyChunks(builders("plain"), [["a"]], 1).pipe(next)) as ChordSignatureData;
    expect(summed.kind).toBe("chord");
  });

  it.each<[string, () => unknown, string]>([
    ["a task of no contract", () => anyMap({}, []), "map() needs a task"],
    ["null", () => anyMap(null, []), "map() needs a task"],
    ["no list", () => anyMap(builders("plain"), "xyz"), "map() needs an array"],
    ["a task without parameters", () => anyMap(builders("limited"), []), "ours.limited takes none"],
    ["a task with two", () => anyMap({ "~task": theirs.tasks["add"] }, []), "tasks.add takes 2 at least: use starmap()"],
    ["chunks of nothing", () => anyChunks(builders("plain"), [], 0), "size of at least 1"],
    ["chunks of half", () => anyChunks(builders("plain"), [], 1.5), "size of at least 1"],
    ["a group of something else", () => anyGroup(a, "b"), "member 2 of group()"],
    ["a header of something else", () => anyChord([a, 1], next), "member 2 of chord()'s header"],
    ["no header", () => anyChord(undefined, next), "the header of chord()"],
    ["no body", () => anyChord([a]), "the body of chord()"],
    ["a chain of nothing", () => anyChain(), "at least one signature"],
    ["a step of something else", () => anyChain(a, null), "step 2 of chain()"],
  ])("refuse %s", (_name, run, expected) => {
    const error = errorOf(run);
    expect(error.code).toBe("INVALID_ARGUMENTS");
    expect(error.message).toContain(expected);
  });
});
