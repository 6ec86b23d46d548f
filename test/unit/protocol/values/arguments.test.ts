import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { contract, task } from "../../../../src/dist/contract/index.js";
import {
  decodeTask,
  encodeTask,
  newTaskMessage,
  packArgs,
  unpackArgs,
  type TaskMessage,
} from "../../../../src/dist/protocol/index.js";
import type { TaskRef } from "../../../../src/dist/signature/index.js";
import { generated, ours, theirs, type AnyContract } from "../contract.ts";
import { errorOf, jsonData } from "../support.ts";

const at = new Date("2026-11-22T11:53:20.813Z");
const python = "2026-11-22T11:53:20.813081+00:00";

function taskOf({ tasks }: AnyContract, key: string): TaskRef {
  const found = tasks[key];
  if (found === undefined) throw new Error(`no task ${key}`);
  return found;
}
const rich = taskOf(ours, "rich");
const done = taskOf(ours, "done");
const plain = taskOf(ours, "plain");

function messageOf(change: Partial<TaskMessage>): TaskMessage {
  return newTaskMessage({ id: "1", task: "t", exact: false, ...change });
}

function withMeta(meta: unknown, args: readonly unknown[], boundMeta?: string): TaskMessage {
  const embed = { callbacks: null, errbacks: null, chain: null, chord: null, ligature: { meta } };
  return messageOf({ args, embed, boundMeta });
}

describe("packArgs", () => {
  it("keys annotations by position", () => {
    expect(packArgs(rich, [at, new Set(["a"]), 7n])).toEqual({
      json: [at.toISOString(), ["a"], "7"],
      meta: { values: { "0": ["Date"], "1": ["set"], "2": ["bigint"] }, v: 1 },
    });
    expect(packArgs(done, [{ deep: [at] }, at]).meta).toEqual({ values: { "0.deep.0": ["Date"], "1": ["Date"] }, v: 1 });
    expect(packArgs(done, [{ plain: true }])).toEqual({ json: [{ plain: true }] });
  });

  it("leaves out what is undefined at the end, so that the receiver's defaults apply", () => {
    expect(packArgs(rich, [at, undefined, undefined]).json).toEqual([at.toISOString()]);
    expect(packArgs(plain, ["a", undefined, undefined])).toEqual({ json: ["a"] });
    expect(packArgs(rich, [at, undefined, 1n]).meta).toMatchObject({ values: { "1": ["undefined"] } });
  });

  it("doesn't look into plain arguments", () => {
    expect(packArgs(plain, [at])).toEqual({ json: [at] });
  });

  it("tells what is left out in the middle from null, plain or not", () => {
    expect(packArgs(plain, ["a", undefined, null])).toEqual({
      json: ["a", null, null],
      meta: { values: { "1": ["undefined"] }, v: 1 },
    });
    const params = { first: z.string().nullish(), second: z.number().default(7), third: z.string().nullish() };
    const gaps = taskOf(generated(contract("gaps", { tasks: { run: task({ params }) } }), ["run"]), "run");
    const choices = [undefined, null, "a"];
    for (const first of choices) {
      for (const second of [undefined, 1]) {
        for (const third of choices) {
          const { json, meta } = packArgs(gaps, [first, second, third]);
          const received = JSON.parse(JSON.stringify({ args: json, meta })) as { args: readonly unknown[]; meta?: unknown };
          const message =
            received.meta === undefined ? messageOf({ args: received.args }) : withMeta(received.meta, received.args);
          expect(unpackArgs(gaps, message)).toStrictEqual([first, second, third]);
        }
      }
    }
  });

  it("names the argument that can't be written", () => {
    expect(errorOf(() => packArgs(done, [{ a: [() => 1] }])).rawMessage).toContain(
      'ours.done: argument "result".a[0] is a function',
    );
  });

  it("sends no annotations to a Celery app, and JSON that means the same without", () => {
    const store = taskOf(theirs, "store");
    expect(packArgs(store, [{ at, n: -0, tags: new Set([1]), id: 12n }])).toEqual({
      json: [{ at: at.toISOString(), n: 0, tags: [1], id: "12" }],
    });
    for (const value of [Number.NaN, { a: [-Infinity] }, new Map([["k", Infinity]])]) {
      expect(errorOf(() => packArgs(store, [value])).rawMessage).toContain(
        'theirs.store: argument "value" contains NaN or Infinity',
      );
    }
  });
});

describe("unpackArgs", () => {
  it("restores by position, and pads to the number of parameters", () => {
    const { json, meta } = packArgs(rich, [at, new Set(["a"])]);
    expect(unpackArgs(rich, withMeta(meta, json))).toStrictEqual([at, new Set(["a"]), undefined]);
  });

  it("is guided by the schemas where Python sent no annotations", () => {
    expect(unpackArgs(rich, messageOf({ args: [python, ["a"]], kwargs: { count: 3 } }))).toStrictEqual([at, new Set(["a"]), 3n]);
  });

  it("takes what Ligature wrote for what it looks like", () => {
    const args = [python, ["a"], "3"];
    expect(unpackArgs(rich, messageOf({ args, exact: true }))).toStrictEqual(args);
  });

  it("folds kwargs into positions, with gaps", () => {
    expect(unpackArgs(rich, messageOf({ args: [], kwargs: { count: 3, when: python } }))).toStrictEqual([at, undefined, 3n]);
    expect(unpackArgs(plain, messageOf({ args: ["a"], kwargs: { nothing: null } }))).toStrictEqual(["a", undefined, null]);
  });

  it("reads None as nothing where the schema refuses null, and as null where it doesn't", () => {
    expect(unpackArgs(rich, messageOf({ args: [python, null, null] }))).toStrictEqual([at, undefined, undefined]);
    expect(unpackArgs(plain, messageOf({ args: ["a", null, null] }))).toStrictEqual(["a", undefined, null]);
    // A required null is left for validation to refuse.
    expect(unpackArgs(plain, messageOf({ args: [null] }))).toStrictEqual([null, undefined, undefined]);
  });

  it("restores what a signature bound, wherever a result was put before it", () => {
    const bound = JSON.stringify({ b: 1, m: { values: { "0": ["Date"] }, v: 1 } });
    expect(unpackArgs(done, messageOf({ args: [{ n: 3 }, at.toISOString()], boundMeta: bound }))).toStrictEqual([{ n: 3 }, at]);
    expect(unpackArgs(rich, messageOf({ args: [at.toISOString()], boundMeta: bound }))).toStrictEqual([at, undefined, undefined]);
  });

  it.each<[string, Partial<TaskMessage>, string]>([
    ["too many", { args: ["a", 1, null, 2] }, "ours.plain(path, limit?, nothing?) takes 3 argument(s) at most, got 4."],
    ["unknown ones", { kwargs: { file: "a" } }, 'ours.plain(path, limit?, nothing?) has no parameter "file".'],
    [
      "duplicates",
      { args: ["a"], kwargs: { path: "b" } },
      'ours.plain(path, limit?, nothing?) got "path" both by position and by name.',
    ],
    [
      "prototype keys",
      { kwargs: JSON.parse('{"__proto__":1}') },
      'ours.plain(path, limit?, nothing?) has no parameter "__proto__".',
    ],
  ])("refuses %s", (_name, change, expected) => {
    const error = errorOf(() => unpackArgs(plain, messageOf(change)));
    expect(error.code).toBe("INVALID_ARGUMENTS");
    expect(error.rawMessage).toBe(expected);
  });

  it.each<[string, unknown]>([
    ["annotations of the list itself", { values: ["set"], v: 1 }],
    ["names instead of positions", { values: { a: ["Date"] }, v: 1 }],
    ["the same position twice", { values: { "0.a": ["Date"], "0": ["set"] }, v: 1 }],
    ["the same position twice, the other way", { values: { "0": ["set"], "0.a": ["Date"] }, v: 1 }],
    ["no node", { values: { "0": {} }, v: 1 }],
  ])("refuses meta with %s", (_name, meta) => {
    expect(errorOf(() => unpackArgs(done, withMeta(meta, [["2026-11-22"]]))).code).toBe("UNREADABLE");
  });

  it.each(["{", "[]", '{"b":2}', '{"b":-1,"m":{"v":1}}', '{"b":1,"m":{"values":{"0":["Date"]}}}', "null"])(
    "refuses the bound meta %s",
    (boundMeta) => {
      const error = errorOf(() => unpackArgs(done, messageOf({ args: ["2026-11-22"], boundMeta })));
      expect(error.code).toBe("UNREADABLE");
      expect(error.rawMessage).toContain('"ligature-meta"');
    },
  );

  it("ignores annotations of positions that aren't there", () => {
    expect(unpackArgs(done, withMeta({ values: { "5": ["Date"] }, v: 1 }, ["a"]))).toStrictEqual(["a", undefined]);
  });

  it("gives back any arguments that were packed and sent", () => {
    const arg = fc.oneof(
      fc.date({ noInvalidDate: true }),
      jsonData,
      fc.array(fc.bigInt()).map((items) => new Set(items)),
      fc.constant(undefined),
    );
    fc.assert(
      fc.property(arg, fc.option(fc.date({ noInvalidDate: true }), { nil: undefined }), (result, when) => {
        const { json, meta } = packArgs(done, [result, when]);
        const sent = encodeTask(withMeta(meta, json), { exchange: "", routingKey: "q" });
        expect(unpackArgs(done, decodeTask(sent))).toStrictEqual([result, when]);
      }),
    );
  });
});
