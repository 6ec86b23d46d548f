import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { damagedHeaders, readProperties, readTable } from "../../../../src/dist/broker/amqp/codec/index.js";

/** A field table of the given bytes. */
function table(...fields: readonly (string | Buffer)[]): Buffer {
  const bytes = Buffer.concat(fields.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : part)));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function field(name: string, tag: string, value: string | Buffer = ""): Buffer {
  return Buffer.concat([
    Buffer.from([name.length]),
    Buffer.from(name + tag),
    typeof value === "string" ? Buffer.from(value, "latin1") : value,
  ]);
}

const read = (bytes: Buffer) => readTable(bytes, 0, bytes.length);

describe("a field table", () => {
  it.each([
    ["b", "\u00ff", -1],
    ["B", "\u00ff", 255],
    ["s", "\u00ff\u007f", -129],
    ["u", "\u00ff\u007f", 65_407],
    ["I", "\u00ff\u00ff\u00ff\u00fe", -2],
    ["i", "\u00ff\u00ff\u00ff\u00fe", 4_294_967_294],
    ["l", "\0\0\u0001\0\0\0\0\0", 2 ** 40],
    ["L", "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00fe", -2],
    ["T", "\0\0\0\0\0\0\0\u0007", 7],
    ["D", "\u0002\0\0\u0007\u00cf", 19.99],
    ["f", "\u003f\0\0\0", 0.5],
    ["d", "\u003f\u00e0\0\0\0\0\0\0", 0.5],
    ["d", "\u007f\u00f0\0\0\0\0\0\0", null],
    ["t", "\u0001", true],
    ["t", "\0", false],
    ["V", "", null],
    ["S", "\0\0\0\u0002h\u00c3", "h\uFFFD"],
    ["x", "\0\0\0\u0003abc", "abc"],
    ["A", "\0\0\0\u0003Vt\u0001", [null, true]],
    ["F", "\0\0\0\u0003\u0001kV", { k: null }],
  ])("reads type %s", (tag, value, expected) => {
    expect(read(table(field("before", "V"), field("it", tag, value), field("after", "V")))).toEqual({
      before: null,
      it: expected,
      after: null,
    });
  });

  it("keeps a name that is a prototype's as a field like any other", () => {
    const headers = read(table(field("__proto__", "F", table(field("polluted", "t", "\u0001"))), field("constructor", "V")));
    expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
    expect(Object.keys(headers)).toEqual(["__proto__", "constructor"]);
    expect("polluted" in headers).toBe(false);
  });

  it.each([
    [
      "an unknown type",
      table(field("id", "S", "\0\0\0\u00011"), field("odd", "?"), field("after", "V")),
      'odd: unknown type "?"',
    ],
    [
      "a string longer than its table",
      table(field("id", "S", "\0\0\0\u00011"), field("odd", "S", "\0\0\u0001\0x")),
      "odd: it is cut off",
    ],
    ["a value without its bytes", table(field("id", "S", "\0\0\0\u00011"), field("odd", "l", "\0")), "odd: it is cut off"],
    ["a name without a value", table(field("id", "S", "\0\0\0\u00011"), "\u0003odd"), "it is cut off"],
    ["a type inside an array", table(field("id", "S", "\0\0\0\u00011"), field("odd", "A", table("V?"))), 'unknown type "?"'],
  ])("with %s keeps what stands before, and says what is wrong", (_what, bytes, damage) => {
    expect(read(bytes)).toMatchObject({ id: "1", [damagedHeaders]: damage });
  });

  it("is read to a depth of 32", () => {
    const nested = (depth: number): Buffer =>
      depth === 0 ? table(field("end", "V")) : table(field("n", "F", nested(depth - 1)));
    expect(read(nested(32))).not.toHaveProperty(damagedHeaders);
    expect(read(nested(33))).toHaveProperty(damagedHeaders, expect.stringContaining("nested deeper"));
  });

  it("of any bytes never throws, and never reads past its end", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(20), (random, after) => {
        const bytes = table(Buffer.from(random), Buffer.alloc(after, 0x56));
        const alone = readTable(bytes, 0, 4 + random.length);
        expect(alone).toEqual(readTable(Buffer.from(bytes.subarray(0, 4 + random.length)), 0, 4 + random.length));
      }),
      { numRuns: 2000 },
    );
  });

  it("of plausible bytes never throws either", () => {
    const tag = fc.constantFrom(...Array.from("VtbBsuIifDdlLTSxFA?"));
    const entry = fc.tuple(fc.string({ maxLength: 4 }), tag, fc.uint8Array({ maxLength: 12 }));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 10 }), (entries) => {
        const bytes = table(...entries.map(([name, type, value]) => field(name, type, Buffer.from(value))));
        expect(typeof read(bytes)).toBe("object");
      }),
      { numRuns: 5000 },
    );
  });
});

describe("a message's properties", () => {
  it("behind damaged headers are read all the same", () => {
    const bytes = Buffer.concat([
      Buffer.from([0b1110_1110, 0]),
      Buffer.from("\u0004text\u0005utf-8", "latin1"),
      table(field("odd", "?")),
      Buffer.from("\u0007\u0002id\u0005reply", "latin1"),
    ]);
    expect(readProperties(bytes, 0, bytes.length)).toEqual({
      contentType: "text",
      contentEncoding: "utf-8",
      headers: { [damagedHeaders]: 'odd: unknown type "?"' },
      priority: 7,
      correlationId: "id",
      replyTo: "reply",
    });
  });

  it("of any bytes never throw; those that are cut off are marked", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (random) => {
        const bytes = Buffer.from(random);
        expect(typeof readProperties(bytes, 0, bytes.length)).toBe("object");
      }),
      { numRuns: 5000 },
    );
    const cut = Buffer.from([0b1000_0000, 0, 9, 0x61]);
    expect(readProperties(cut, 0, cut.length).headers).toHaveProperty(damagedHeaders);
  });
});
