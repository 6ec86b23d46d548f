import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z, type ZodType } from "zod";
import type { LigatureError } from "../../../../src/dist/errors/index.js";
import { packValue, unpackValue, type Packed } from "../../../../src/dist/protocol/index.js";
import { superjson } from "../../../../src/dist/protocol/values/own-superjson.js";

/** What the other side gets: the value as JSON, and its meta as JSON. */
function overTheWire(packed: Packed): Packed {
  return JSON.parse(JSON.stringify(packed));
}

function roundTrip(value: unknown): unknown {
  return unpackValue(overTheWire(packValue(value, false)), z.any(), false);
}

function problemOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect((error as LigatureError).code).toBe("UNREADABLE");
    return (error as LigatureError).rawMessage;
  }
  throw new Error("nothing was thrown");
}

describe("packValue", () => {
  it("leaves plain JSON alone, the same reference and without meta", () => {
    for (const value of [null, "a", 1, true, [], {}, { a: [{ b: null }] }, Object.create(null)]) {
      expect(packValue(value, false)).toEqual({ json: value });
      expect(packValue(value, false).json).toBe(value);
    }
  });

  it("looks at nothing when the type is known to be plain; undefined is null", () => {
    const value = { at: new Date(0) };
    expect(packValue(value, true)).toEqual({ json: value });
    expect(packValue(undefined, true)).toEqual({ json: null });
  });

  it.each<[string, unknown, unknown]>([
    ["undefined", undefined, null],
    ["a Date", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["a bigint", 2n ** 70n, "1180591620717411303424"],
    ["a Set", new Set(["a", "b"]), ["a", "b"]],
    ["a Map", new Map([["k", { at: new Date(0) }]]), [["k", { at: "1970-01-01T00:00:00.000Z" }]]],
    ["NaN", Number.NaN, "NaN"],
    ["infinity", -Infinity, "-Infinity"],
    ["negative zero", -0, 0],
    ["a URL", new URL("https://example.com/a"), "https://example.com/a"],
    ["a RegExp", /a\/b/gi, String.raw`/a\/b/gi`],
    ["bytes", new Uint8Array([0, 255]), { __type__: "base64", __value__: "AP8=" }],
    ["floats", new Float32Array([1.5]), [1.5]],
    ["keys with dots and backslashes", { "a.b": { "c\\d": new Date(0) } }, { "a.b": { "c\\d": "1970-01-01T00:00:00.000Z" } }],
    ["undefined inside", { a: undefined, b: [undefined] }, { a: null, b: [null] }],
  ])("sends %s as JSON that Python can read, and restores it", (_name, value, json) => {
    expect(packValue(value, false).json).toEqual(json);
    expect(roundTrip(value)).toStrictEqual(value);
  });

  it("sends a Buffer as bytes", () => {
    expect(roundTrip(Buffer.from("ab"))).toStrictEqual(new Uint8Array([97, 98]));
  });

  it("sends an error's name, message and cause", () => {
    const error = roundTrip({ error: new TypeError("bad", { cause: new Date(0) }) }) as { error: Error };
    expect(error.error).toMatchObject({ name: "TypeError", message: "bad", cause: new Date(0) });
  });

  it("sends a shared object twice, and no identities", () => {
    const shared = { at: new Date(0) };
    expect(packValue([shared, shared], false).meta).toEqual({ values: { "0.at": ["Date"], "1.at": ["Date"] }, v: 1 });
  });

  const cycle: { self?: unknown; at: Date } = { at: new Date(0) };
  cycle.self = cycle;
  const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);
  it.each<[string, unknown, string]>([
    ["a function", { a: [() => 1] }, "The value.a[0] is a function"],
    ["a symbol", Symbol("x"), "The value is a symbol"],
    ["a cycle", cycle, "contains itself"],
    ["a deep value", deep(101), "nests deeper than 100 levels"],
    ["an invalid Date", new Map([["k", new Date(Number.NaN)]]), "The value.values()[0] is an invalid Date"],
    ["a hole", { a: new Array(2) }, "The value.a[0] is a hole"],
    ["an instance", { a: new (class Money {})() }, "The value.a is an instance of Money"],
    ["64-bit arrays", new BigInt64Array(1), "an instance of BigInt64Array"],
    ["a promise", Promise.resolve(), "an instance of Promise"],
    ["a prototype key", { a: JSON.parse('{"__proto__":1}') }, 'The value.a has a key "__proto__"'],
    ["a prototype key beside a Date", { constructor: 1, at: new Date(0) }, 'has a key "constructor"'],
  ])("refuses %s", (_name, value, expected) => {
    expect(problemOf(() => packValue(value, false))).toContain(expected);
  });

  it("nests no annotations deeper than a reader takes", () => {
    const sets = (levels: number): unknown => (levels === 0 ? at : new Set([sets(levels - 1)]));
    const at = new Date(0);
    expect(roundTrip(sets(49))).toStrictEqual(sets(49));
    expect(problemOf(() => packValue(sets(50), false))).toContain("nests deeper");
  });

  it("takes a hundred levels", () => {
    expect(roundTrip({ v: deep(99), at: new Date(0) })).toEqual({ v: deep(99), at: new Date(0) });
  });
});

describe("any value survives", () => {
  const key = fc.string().filter((name) => !["__proto__", "constructor", "prototype"].includes(name));
  const date = fc.date({ noInvalidDate: true });
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(
        fc.string({ unit: "grapheme" }),
        fc.double(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.constant(undefined),
        fc.bigInt(),
        date,
        fc.uint8Array(),
      ),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }),
      fc.array(tie("value"), { maxLength: 4 }).map((items) => new Set(items)),
      fc.array(fc.tuple(tie("value"), tie("value")), { maxLength: 4 }).map((pairs) => new Map(pairs)),
    ),
  }));

  it("as JSON and meta", () => {
    fc.assert(
      fc.property(value, (given) => {
        expect(roundTrip(given)).toStrictEqual(given);
      }),
      { numRuns: 500 },
    );
  });

  it("in superjson's own form", () => {
    fc.assert(
      fc.property(value, (given) => {
        const { json, meta } = superjson.serialize(given);
        const expected = meta?.values === undefined ? { json } : { json, meta: { values: meta.values, v: 1 } };
        expect(packValue(given, false)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("without touching what arrived", () => {
    fc.assert(
      fc.property(value, (given) => {
        const packed = overTheWire(packValue(given, false));
        const before = structuredClone(packed);
        unpackValue(packed, undefined, false);
        expect(packed).toEqual(before);
      }),
    );
  });
});

describe("unpackValue refuses a meta that superjson can't have written", () => {
  const values = (annotations: unknown) => ({ values: annotations, v: 1 });
  it.each<[string, unknown, unknown]>([
    ["another version", {}, { values: {} }],
    ["no object", {}, "x"],
    ["no annotations", {}, values("Date")],
    ["a path into a prototype", { a: 1 }, values({ "__proto__.polluted": ["undefined"] })],
    ["a path into a constructor", {}, values({ "constructor.prototype": ["undefined"] })],
    ["an inherited property", {}, values({ toString: ["undefined"] })],
    ["a path past an array's end", [null], values({ "4294967294": ["undefined"] })],
    ["an array's length", [null], values({ length: ["undefined"] })],
    ["a path through a string", { a: "text" }, values({ "a.0": ["undefined"] })],
    ["a path through what is restored", { a: [["k", null]] }, values({ a: ["map"], "a.0.1": ["undefined"] })],
    ["an annotation given twice", [["a"]], values([["set"], { "0": [["set"]] }])],
    ["an unknown type", { a: 1 }, values({ a: ["eval"] })],
    ["a type of Object.prototype", { a: 1 }, values({ a: ["constructor"] })],
    ["a class", { a: {} }, values({ a: [["class", "Foo"]] })],
    ["a symbol", { a: "x" }, values({ a: [["symbol", "x"]] })],
    ["an unknown custom type", { a: "x" }, values({ a: [["custom", "x"]] })],
    ["bytes that aren't", { a: { __value__: 1 } }, values({ a: [["custom", "bytes"]] })],
    ["bytes of another type", { a: { __value__: "" } }, values({ a: [["custom", "bytes"]] })],
    ["an unknown array", { a: [] }, values({ a: [["typed-array", "Function"]] })],
    ["a Date that is none", { a: "soon" }, values({ a: ["Date"] })],
    ["a Date made of an array", { a: [1] }, values({ a: ["Date"] })],
    ["a bigint with letters", { a: "0x1" }, values({ a: ["bigint"] })],
    ["a bigint that takes seconds", { a: "9".repeat(10_001) }, values({ a: ["bigint"] })],
    ["a Map without pairs", { a: [1] }, values({ a: ["map"] })],
    ["undefined that is something", { a: 1 }, values({ a: ["undefined"] })],
    ["a regular expression that is none", { a: "/(/" }, values({ a: ["regexp"] })],
    ["a URL that is none", { a: "nowhere" }, values({ a: ["URL"] })],
    ["annotations nested otherwise", { a: { b: null } }, values({ a: { b: ["undefined"] } })],
    ["a broken path", { a: 1 }, values({ "a\\x": ["undefined"] })],
  ])("%s", (_name, json, meta) => {
    expect(problemOf(() => unpackValue({ json, meta }, undefined, false))).toContain("The value's meta");
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("whatever it is, without another error", () => {
    const path = fc
      .array(fc.constantFrom("0", "1", "a", "a\\.b", "__proto__", "length", ""), { minLength: 1 })
      .map((keys) => keys.join("."));
    const type = fc.constantFrom<unknown>(
      "Date",
      "set",
      "map",
      "undefined",
      "bigint",
      "number",
      "regexp",
      "Error",
      "URL",
      ["custom", "bytes"],
      7,
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        fc.tuple(type),
        fc.tuple(type, tie("tree")),
        fc.dictionary(path, tie("tree")),
        fc.anything(),
      ),
    }));
    fc.assert(
      fc.property(fc.jsonValue(), tree, (json, annotations) => {
        try {
          unpackValue({ json, meta: { values: annotations, v: 1 } }, undefined, false);
        } catch (error) {
          expect((error as LigatureError).code).toBe("UNREADABLE");
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("and pollutes nothing with a payload that holds a prototype key", () => {
    const json = JSON.parse('{"__proto__":{"polluted":true},"at":"1970-01-01T00:00:00Z"}');
    const value = unpackValue({ json, meta: values({ at: ["Date"] }) }, undefined, false) as { at: Date };
    expect(value.at).toEqual(new Date(0));
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect((value as unknown as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

describe("unpackValue without meta", () => {
  it("reads null as nothing where nothing is returned", () => {
    expect(unpackValue({ json: null }, undefined, false)).toBeUndefined();
    expect(unpackValue({ json: null }, undefined, true)).toBeUndefined();
    expect(unpackValue({ json: 1 }, undefined, false)).toBe(1);
  });

  const at = new Date("2026-11-22T11:53:20.813Z");
  const python = "2026-11-22T11:53:20.813081+00:00";
  const envelope = (type: string, value: unknown) => ({ __type__: type, __value__: value });

  it("leaves a plain value as it is", () => {
    const json = { at: python, list: [1, { deep: null }] };
    expect(unpackValue({ json }, z.any(), true)).toBe(json);
  });

  const uuid = envelope("uuid", { hex: "12345678123445678234567812345678" });
  const digits = "12345678-1234-4567-8234-567812345678";
  const utc = "2026-11-22T11:53:20.813081Z";
  it.each<[string, ZodType, unknown, unknown]>([
    ["a string", z.string(), envelope("datetime", python), python],
    ["a UUID", z.uuid(), uuid, digits],
    ["a time in UTC", z.iso.datetime(), envelope("datetime", python), utc],
    ["a time without an offset", z.iso.datetime(), envelope("datetime", "2026-11-22T11:53:20.813081"), utc],
    ["a time with another offset", z.iso.datetime(), envelope("datetime", "2026-11-22T17:23:20.813081+05:30"), utc],
    ["a time with its offset", z.iso.datetime({ offset: true }), envelope("datetime", python), python],
    ["a local time", z.iso.datetime({ local: true }), envelope("datetime", "2026-11-22T11:53:20"), "2026-11-22T11:53:20"],
    ["a time in milliseconds", z.iso.datetime({ precision: 3 }), envelope("datetime", python), "2026-11-22T11:53:20.813Z"],
    ["a time in seconds", z.iso.datetime({ precision: 0 }), envelope("datetime", python), "2026-11-22T11:53:20Z"],
    ["a day", z.iso.date(), envelope("date", "2026-11-22"), "2026-11-22"],
    ["a time of day", z.iso.time(), envelope("time", "11:53:20"), "11:53:20"],
    ["a number", z.number(), envelope("decimal", "1.50"), 1.5],
    ["a decimal as text", z.string(), envelope("decimal", "1.50"), "1.50"],
    ["a choice", z.enum([digits, "none"]), uuid, digits],
    ["a day among literals", z.literal(["2026-11-22"]), envelope("date", "2026-11-22"), "2026-11-22"],
    ["a time in a template", z.templateLiteral(["2026-", z.string()]), envelope("datetime", python), python],
    ["all of them inside", z.object({ ids: z.array(z.uuid()).nullable() }), { ids: [uuid, digits] }, { ids: [digits, digits] }],
    ["one of a record", z.record(z.string(), z.uuid()), { a: uuid }, { a: digits }],
    ["a union that takes any object as well", z.union([z.looseObject({}), z.string()]), envelope("time", "1"), "1"],
    ["a union of text", z.union([z.number(), z.uuid()]), uuid, digits],
    [
      "a union of objects",
      z.union([z.object({ id: z.string(), n: z.number() }), z.object({ id: z.uuid() })]),
      { id: uuid },
      { id: digits },
    ],
  ])("reads kombu's typed values in plain JSON: %s", (_name, schema, json, expected) => {
    expect(unpackValue({ json }, schema, false)).toStrictEqual(expected);
  });

  it("reads what is not annotated beside what is", () => {
    const { json, meta } = packValue([at, new Map([["a", 1n]])], false);
    const joined = { json: [...(json as unknown[]), python, { a: "2" }, envelope("datetime", python)], meta };
    const schema = z.tuple([z.date(), z.map(z.string(), z.bigint()), z.date(), z.map(z.string(), z.bigint()), z.date()]);
    expect(unpackValue(joined, schema, false)).toStrictEqual([at, new Map([["a", 1n]]), at, new Map([["a", 2n]]), at]);
  });
  const Tree = z.object({
    at: z.date(),
    get children() {
      return z.array(Tree).optional();
    },
  });

  it.each<[string, ZodType, unknown, unknown]>([
    ["an ISO string for a date", z.date(), python, at],
    ["an ISO string without offset, which is UTC", z.date(), "2026-11-22T11:53:20.813", at],
    ["a day", z.date(), "2026-11-22", new Date("2026-11-22T00:00:00Z")],
    ["kombu's datetime for a date", z.date(), envelope("datetime", python), at],
    ["kombu's date for a date", z.date(), envelope("date", "2026-11-22"), new Date("2026-11-22T00:00:00Z")],
    ["an integer for a bigint", z.bigint(), 12, 12n],
    ["digits for a bigint", z.bigint(), "-9007199254740993", -9007199254740993n],
    ["kombu's decimal for a bigint", z.int64(), envelope("decimal", "12"), 12n],
    ["an array for a set", z.set(z.date()), [python], new Set([at])],
    ["pairs for a map", z.map(z.string(), z.date()), [["a", python]], new Map([["a", at]])],
    ["an object for a map", z.map(z.string(), z.date()), { a: python }, new Map([["a", at]])],
    ["an object for a map with numbers as keys", z.map(z.number(), z.string()), { "1": "a" }, new Map([[1, "a"]])],
    ["None for what is optional", z.string().optional(), null, undefined],
    ["None for what has a default", z.string().default("x"), null, undefined],
    ["None for what may be None, too", z.string().nullish(), null, null],
    ["None for what may be None or has a default behind that", z.string().default("x").nullable(), null, null],
    ["None in an object", z.object({ a: z.string().optional(), b: z.number() }), { a: null, b: 1 }, { b: 1 }],
    ["None for undefined", z.undefined(), null, undefined],
    [
      "optional, nullable, default, catch, readonly, prefault, lazy, nonoptional",
      z.object({
        a: z.date().optional(),
        b: z.date().nullable(),
        c: z.date().default(at),
        d: z.date().catch(at),
        e: z.date().readonly(),
        f: z.date().prefault(at),
        g: z.lazy(() => z.date()),
        h: z.date().optional().nonoptional(),
      }),
      { a: python, b: python, c: python, d: python, e: python, f: python, g: python, h: python },
      { a: at, b: at, c: at, d: at, e: at, f: at, g: at, h: at },
    ],
    ["a pipe by its input", z.date().transform((date) => date.getTime()), python, at],
    ["a codec by its input", z.codec(z.string(), z.date(), { decode: (text) => new Date(text), encode: String }), python, python],
    ["preprocessing by nothing", z.preprocess((text) => text, z.date()), python, python],
    [
      "arrays, tuples and records",
      z.object({ a: z.array(z.date()), t: z.tuple([z.string(), z.date()], z.bigint()), r: z.record(z.string(), z.date()) }),
      { a: [python], t: ["x", python, 1], r: { k: python } },
      { a: [at], t: ["x", at, 1n], r: { k: at } },
    ],
    ["a catchall", z.object({ a: z.string() }).catchall(z.date()), { a: python, b: python }, { a: python, b: at }],
    [
      "both sides of an intersection",
      z.intersection(z.object({ a: z.date() }), z.object({ b: z.bigint() })),
      { a: python, b: 1 },
      { a: at, b: 1n },
    ],
    ["recursion", Tree, { at: python, children: [{ at: python, children: null }] }, { at, children: [{ at }] }],
    ["a union by the first member that fits", z.union([z.bigint(), z.date()]), python, at],
    ["a union, leaving what fits already", z.union([z.date(), z.string()]), python, python],
    [
      "a discriminated union",
      z.discriminatedUnion("k", [z.object({ k: z.literal("a"), v: z.date() }), z.object({ k: z.literal("b"), v: z.bigint() })]),
      { k: "b", v: 3 },
      { k: "b", v: 3n },
    ],
    [
      "a union of JSON with an envelope",
      z.union([z.object({ id: z.string() }), z.number()]),
      { id: envelope("decimal", "1.5") },
      { id: "1.5" },
    ],
    ["a branded date", z.date().brand("When"), python, at],
    ["a coerced date", z.coerce.date(), python, at],
    ["kombu's datetime for a string", z.string(), envelope("datetime", python), python],
    [
      "kombu's uuid",
      z.uuid(),
      envelope("uuid", { hex: "12345678123456781234567812345678" }),
      "12345678-1234-5678-1234-567812345678",
    ],
    ["kombu's decimal for a string", z.string(), envelope("decimal", "1.50"), "1.50"],
    ["kombu's decimal for a number", z.number(), envelope("decimal", "1.50"), 1.5],
    [
      "kombu's date and time for strings",
      z.array(z.string()),
      [envelope("date", "2026-11-22"), envelope("time", "11:53:20")],
      ["2026-11-22", "11:53:20"],
    ],
    ["kombu's bytes", z.instanceof(Uint8Array), envelope("bytes", "ab"), new Uint8Array([97, 98])],
    ["kombu's base64", z.instanceof(Uint8Array), envelope("base64", "AP8="), new Uint8Array([0, 255])],
    ["kombu's values where anything goes", z.any(), { a: [envelope("datetime", python)] }, { a: [at] }],
  ])("reads %s", (_name, schema, json, expected) => {
    expect(unpackValue({ json }, schema, false)).toStrictEqual(expected);
  });

  it.each<[string, ZodType, unknown]>([
    ["text that is no date", z.date(), "tomorrow"],
    ["a number for a date", z.date(), 1_795_000_000],
    ["an integer that lost digits", z.bigint(), 9007199254740993],
    ["a fraction for a bigint", z.bigint(), 1.5],
    ["None where it is refused", z.date(), null],
    ["something else for a set", z.set(z.string()), { a: 1 }],
    ["something else for a map", z.map(z.string(), z.string()), ["a"]],
    ["an array for an object", z.object({ a: z.date() }), [python]],
    ["an object for an array", z.array(z.date()), { 0: python }],
    ["an unknown envelope", z.any(), envelope("module.Class", {})],
    ["an envelope with another key", z.any(), { ...envelope("datetime", python), more: 1 }],
    [
      "an envelope with nonsense",
      z.any(),
      [envelope("datetime", 7), envelope("uuid", "x"), envelope("uuid", { hex: "x" }), envelope("bytes", null)],
    ],
    ["a union that nothing fits", z.union([z.date(), z.bigint()]), "x"],
    [
      "what is JSON already",
      z.object({ a: z.array(z.union([z.string(), z.number()])), b: z.record(z.string(), z.any()) }),
      { a: ["x", 1], b: { c: [{}] } },
    ],
  ])("leaves %s, the same reference", (_name, schema, json) => {
    expect(unpackValue({ json }, schema, false)).toBe(json);
  });

  it("keeps a prototype key harmless", () => {
    const json = JSON.parse('{"__proto__":{"at":"2026-11-22"},"at":"2026-11-22"}');
    const value = unpackValue({ json }, z.looseObject({ at: z.date() }), false) as object;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.hasOwn(value, "__proto__")).toBe(true);
  });

  it("reads a recursive union on every level", () => {
    const Node: ZodType = z.lazy(() =>
      z.union([z.strictObject({ at: z.date(), a: Node.optional() }), z.strictObject({ at: z.date(), b: Node.optional() })]),
    );
    const nested = (levels: number, when: unknown): unknown =>
      levels === 0 ? { at: when } : { at: when, [levels % 2 === 0 ? "a" : "b"]: nested(levels - 1, when) };
    expect(unpackValue({ json: nested(30, python) }, Node, false)).toEqual(nested(30, at));
  });

  it("leaves asynchronous unions alone", () => {
    const schema = z.union([z.date().refine(async () => Promise.resolve(true)), z.bigint()]);
    expect(unpackValue({ json: python }, schema, false)).toBe(python);
  });

  it("leaves any plain JSON of a matching schema as it is", () => {
    const schema = z.json();
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(unpackValue({ json }, schema, false)).toBe(json);
      }),
    );
  });
});
