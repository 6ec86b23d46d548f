import { createHash } from "node:crypto";
import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeFile, inspectFile, lineAt, Malformed, type DescribeOptions } from "../../examples/dist/processing/csv/index.js";
import { temporaryFolder } from "../support/temporary-folder.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const plain = { delimiter: ",", strict: false };

async function fileWith(content: string | Uint8Array): Promise<string> {
  const path = join(folder.path, `${crypto.randomUUID()}.csv`);
  await writeFile(path, content);
  return path;
}

async function rowsOf(content: string | Uint8Array, options: Partial<DescribeOptions> = {}): Promise<number> {
  return (await describeFile(await fileWith(content), { ...plain, ...options })).rows;
}

/** `<line>: <reason>` of a file that must be refused. */
async function refusalOf(content: string | Uint8Array, options: Partial<DescribeOptions> = {}): Promise<string> {
  const path = await fileWith(content);
  const error = await describeFile(path, { ...plain, ...options }).then(
    () => expect.fail("the file was accepted"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof Malformed)) throw error;
  return `${await lineAt(path, error.offset)}: ${error.reason}`;
}

describe("files that are accepted", () => {
  test.for<[string, string, number, Partial<DescribeOptions>?]>([
    ["rows", "a,b\n1,2\n3,4\n", 2],
    ["no line end at the end", "a,b\n1,2\n3,4", 2],
    ["CRLF", "a,b\r\n1,2\r\n3,4\r\n", 2],
    ["lone CR", "a,b\r1,2\r3,4\r", 2],
    ["LF and CRLF mixed", "a,b\r\n1,2\n3,4\r\n", 2],
    ["a byte order mark", "\uFEFFa,b\n1,2\n", 1],
    ["a header only", "a,b\n", 0],
    ["a header only, without a line end", "a,b", 0],
    ["one column", "a\n1\n2\n", 2],
    ["an empty cell is a row of one column", "a\n1\n\n2\n", 3],
    ["quotes", 'a,b\n"1","2"\n', 1],
    ["delimiters in quotes", 'a,b\n"1,5","2"\n', 1],
    ["quotes in quotes", 'a,b\n"say ""hi""",""\n', 1],
    ["line breaks in quotes", 'a,b\n"1\n2\n3",4\n"5\r\n6",7\n', 2],
    ["blank lines", "a,b\n\n1,2\n\n\n3,4\n\n", 2],
    ["another delimiter", "a;b\n1;2,5\n", 1, { delimiter: ";" }],
    ["text of every kind", "a,b\nżółć,日本\n🎈,\u00a0\n", 2],
    ["a long line", `a,b\n${"x".repeat(1_000_000)},1\n2,3\n`, 2],
    ["columns without a name, or with the same one", "a,,a\n1,2,3\n", 1],
  ])("%s", async ([, content, rows, options]) => {
    expect(await rowsOf(content, options)).toBe(rows);
  });

  test("everything about one file", async () => {
    const content = "id,name\n1,Ana\n2,\n";
    expect(await describeFile(await fileWith(content), plain)).toEqual({
      rows: 2,
      bytes: 17,
      checksum: createHash("sha256").update(content).digest("hex"),
      columns: [
        { name: "id", type: "integer", empty: 0, min: 1, max: 2, mean: 1.5 },
        { name: "name", type: "text", empty: 1 },
      ],
    });
  });

  test("a column without a name is called by its number", async () => {
    expect((await inspectFile(await fileWith("a, ,c\n"))).columns).toEqual(["a", "column 2", "c"]);
  });
});

describe("files that are refused, with the line", () => {
  const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");

  test.for<[string, string | Uint8Array, string, Partial<DescribeOptions>?]>([
    ["empty", "", "1: the file is empty"],
    ["a byte order mark only", "\uFEFF", "1: the file is empty"],
    ["line breaks only", "\n\n", "1: no column names; the first line must be the header"],
    ["a header of blanks", " , \n1,2\n", "1: no column names; the first line must be the header"],
    ["too few cells", "a,b\n1,2\n3\n5,6\n", "3: expected 2 cells, found 1"],
    ["too many cells", "a,b\n1,2\n3,4,5\n", "3: expected 2 cells, found 3"],
    ["too many cells in the only column", "a\n1\n2,3\n", "3: expected 1 cell, found 2"],
    ["too few cells in the last line, without a line end", "a,b\n1,2\n3", "3: expected 2 cells, found 1"],
    ["too few cells, CRLF", "a,b\r\n1,2\r\n3\r\n", "3: expected 2 cells, found 1"],
    ["too few cells, lone CR", "a,b\r1,2\r3\r", "3: expected 2 cells, found 1"],
    ["too few cells after a byte order mark", "\uFEFFa,b\n1\n", "2: expected 2 cells, found 1"],
    ["too few cells after blank lines", "a,b\n\n\n1\n", "4: expected 2 cells, found 1"],
    ["too few cells after line breaks in quotes", 'a,b\n"1\n2\n3",4\n5\n', "5: expected 2 cells, found 1"],
    ["too few cells after CRLF in quotes", 'a,b\r\n"1\r\n2\r\n3",4\r\n5\r\n', "5: expected 2 cells, found 1"],
    ["the line where a record starts, not where it ends", 'a,b\n1,2\n"3\n4\n5"\n', "3: expected 2 cells, found 1"],
    ["a stray quote", 'a,b\n1,2\n3,4"5\n', '3: a stray quote; a cell with quotes is written "like ""this"""'],
    [
      "a stray quote after line breaks in quotes",
      'a,b\n"1\n2",3"\n',
      '3: a stray quote; a cell with quotes is written "like ""this"""',
    ],
    ["text behind a closing quote", 'a,b\n"1"2,3\n', "2: text follows the closing quote of a cell that starts here"],
    ["a quote that is never closed", 'a,b\n1,2\n3,"4\n5,6\n7,8\n', "3: a quote is opened and never closed"],
    [
      "a quote that is never closed, in a late line of its record",
      'a,b,c\n"1\n2",3,"4\n5\n',
      "3: a quote is opened and never closed",
    ],
    ["Latin-1", latin1("a,b\n1,2\n3,Zürich\n"), "3: not valid UTF-8; save the file as UTF-8"],
    ["Latin-1 in the header", latin1("größe,b\n1,2\n"), "1: not valid UTF-8; save the file as UTF-8"],
    ["half a character at the end", Buffer.from("a,b\n1,ü").subarray(0, -1), "2: not valid UTF-8; save the file as UTF-8"],
    ["UTF-16", Buffer.from("\uFEFFa,b\n1,2\n", "utf16le"), "1: UTF-16; save the file as UTF-8"],
    ["a NUL byte", "a,b\n1,2\n3,\u0000\n", "3: a NUL byte; this is no text"],
    ["a huge line", `a,b\n1,2\n${"x".repeat(3_000_000)}\n`, "3: a line longer than 1 MiB"],
    [
      "a huge quoted cell",
      `a,b\n1,2\n3,"${"x\n".repeat(1_000_000)}",4\n`,
      "3: a record longer than 1 MiB; is the quote that opens here ever closed?",
    ],
    ["too many columns", `${"a,".repeat(1000)}b\n`, "1: 1001 columns; at most 1000 are supported"],
    ["strict: a blank line", "a,b\n1,2\n\n3,4\n", "3: a blank line", { strict: true }],
    ["strict: a column without a name", "a,,c\n1,2,3\n", "1: column 2 has no name", { strict: true }],
    ["strict: two columns of one name", "a,b,a\n1,2,3\n", '1: two columns are called "a"', { strict: true }],
    [
      "the first of two mistakes, though the other is found first",
      Buffer.concat([Buffer.from("a,b\n1\n"), latin1("ü,2\n")]),
      "2: expected 2 cells, found 1",
    ],
    [
      "bad UTF-8 inside of a quoted cell",
      Buffer.concat([Buffer.from('a,b\n1,"2\n'), latin1('ü"\n')]),
      "3: not valid UTF-8; save the file as UTF-8",
    ],
  ])("%s", async ([, content, refusal, options]) => {
    expect(await refusalOf(content, options)).toBe(refusal);
  });

  test("deep in a large file, across the pieces in which it is read", async () => {
    const lines = Array.from({ length: 50_000 }, (_, index) => `${index},"über\nzwei Zeilen",${index * 2}`);
    lines[41_234] = "one,two";
    // One line of the header, two for each row before.
    expect(await refusalOf(`a,b,c\n${lines.join("\n")}\n`)).toBe(`${2 + 2 * 41_234}: expected 3 cells, found 2`);
  });
});

describe("any table", () => {
  const cell = fc.string({ unit: fc.constantFrom("x", "ü", "🎈", '"', ",", "\n", "\r\n", " ", "1"), maxLength: 6 });
  const written = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const table = fc.record({
    width: fc.integer({ min: 2, max: 4 }),
    rows: fc.array(fc.array(cell, { minLength: 4, maxLength: 4 }), { maxLength: 12 }),
    lineEnd: fc.constantFrom("\n", "\r\n"),
  });

  test("is read as it was written", async () => {
    await fc.assert(
      fc.asyncProperty(table, async ({ width, rows, lineEnd }) => {
        const records = [["h1", "h2", "h3", "h4"], ...rows].map((row) => row.slice(0, width));
        const text = records.map((row) => row.map(written).join(",") + lineEnd).join("");
        const found = await describeFile(await fileWith(text), plain);
        expect(found.rows).toBe(rows.length);
        const empty = Array.from({ length: width }, (_, index) => rows.filter((row) => row[index] === "").length);
        expect(found.columns.map((column) => column.empty)).toEqual(empty);
      }),
      { numRuns: 150 },
    );
  });

  test("with a wrong record is refused at the line where that starts", async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.nat(), async ({ width, rows, lineEnd }, position) => {
        const records = [["h1", "h2", "h3", "h4"], ...rows].map((row) => row.slice(0, width).map(written).join(",") + lineEnd);
        const at = 1 + (position % records.length);
        const before = records.slice(0, at).join("");
        const text = `${before}only one cell${lineEnd}${records.slice(at).join("")}`;
        const line = 1 + (before.match(/\n/g)?.length ?? 0);
        expect(await refusalOf(text)).toBe(`${line}: expected ${width} cells, found 1`);
      }),
      { numRuns: 150 },
    );
  });
});

describe("reading", () => {
  test("reports progress up to the end", async () => {
    const path = await fileWith(`a,b\n${"1,2\n".repeat(60_000)}`);
    const reports: { bytes: number; totalBytes: number; rows: number }[] = [];
    await describeFile(path, { ...plain, onProgress: (progress) => reports.push(progress) });
    expect(reports.length).toBeGreaterThan(2);
    expect(reports.map((report) => report.bytes)).toEqual(reports.map((report) => report.bytes).sort((a, b) => a - b));
    expect(reports.at(-1)).toMatchObject({ bytes: 240_004, totalBytes: 240_004 });
  });

  test("stops when the signal says so", async () => {
    const path = await fileWith(`a,b\n${"1,2\n".repeat(60_000)}`);
    const controller = new AbortController();
    const reading = describeFile(path, { ...plain, signal: controller.signal, onProgress: () => controller.abort() });
    await expect(reading).rejects.toMatchObject({ name: "AbortError" });
  });

  test("is no faster than it is told to be", async () => {
    const path = await fileWith(`a,b\n${"1,2\n".repeat(50_000)}`);
    const started = performance.now();
    await describeFile(path, { ...plain, bytesPerSecond: 1_000_000 });
    expect(performance.now() - started).toBeGreaterThan(195);
  });

  test("takes the same memory, however large the file", async () => {
    const path = await fileWith("");
    const file = await open(path, "w");
    await file.write("a,b,c\n");
    const block = `12345,"${"some text, quoted ".repeat(30)}",2025-01-01\n`.repeat(2000);
    for (let index = 0; index < 20; index++) await file.write(block);
    await file.close();
    // Only what is still in use counts, not what the collector hasn't come to yet.
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const inUse = (): number => {
      collect();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    };
    const before = inUse();
    let pieces = 0;
    let highest = 0;
    const { rows } = await describeFile(path, {
      ...plain,
      onProgress: () => {
        if (pieces++ % 20 === 0) highest = Math.max(highest, inUse() - before);
      },
    });
    expect(rows).toBe(40_000);
    expect(pieces).toBeGreaterThan(300);
    // The file has 22 MB; what is on its way through is a few pieces of 64 KiB.
    expect(highest).toBeLessThan(8e6);
  });

  test("inspects a file by its start alone", async () => {
    const path = await fileWith(`id,name\n1,2\n${"broken\n".repeat(100_000)}`);
    expect(await inspectFile(path)).toEqual({ bytes: 700_012, columns: ["id", "name"] });
  });

  test("finds out in an inspection that a file is empty, or no text", async () => {
    await expect(inspectFile(await fileWith(""))).rejects.toThrow("the file is empty");
    await expect(inspectFile(await fileWith(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a])))).rejects.toThrow(
      "not valid UTF-8",
    );
  });
});
