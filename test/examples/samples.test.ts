import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeFile, lineAt, type Malformed } from "../../examples/dist/processing/csv/index.js";
import { sampleFolder, writeImportFolder } from "../../examples/dist/run/sample-folder.js";
import { writeMeasurements } from "../../examples/dist/run/samples.js";
import { temporaryFolder } from "../support/temporary-folder.ts";

const samples = fileURLToPath(new URL("../../examples/samples/", import.meta.url));
const plain = { delimiter: ",", strict: false };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

describe("the committed samples", () => {
  // Line endings and bytes are what they are about; git must not have touched them.
  test.for([
    ["broken-line.csv", "1b6f0806823e2f361de3f978df59c89ff9d6fa897355873f9dbaf0495ee83dbb"],
    ["empty.csv", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["latin-1.csv", "0a2f1e6d967fdaa935ef310d352964c61ec909b5db5f1c8fc207862e4aed24f2"],
    ["orders.csv", "44cf1281a0d5a94118d8f72acd08a06cc3a033b2852e91f251802a5e12503d45"],
  ] as const)("%s has its bytes", async ([name, checksum]) => {
    expect(
      createHash("sha256")
        .update(await readFile(join(samples, name)))
        .digest("hex"),
    ).toBe(checksum);
  });

  test("are these", async () => {
    const names = await readdir(samples);
    expect(names.filter((name) => name.endsWith(".csv")).sort()).toEqual([
      "broken-line.csv",
      "empty.csv",
      "latin-1.csv",
      "orders.csv",
    ]);
  });

  test.for([
    ["broken-line.csv", 1174, "expected 4 cells, found 3"],
    ["empty.csv", 1, "the file is empty"],
    ["latin-1.csv", 3, "not valid UTF-8; save the file as UTF-8"],
  ] as const)("%s is refused", async ([name, line, reason]) => {
    const path = join(samples, name);
    const error = await describeFile(path, plain).catch((thrown: unknown) => thrown as Malformed);
    expect(error).toMatchObject({ name: "Malformed", reason });
    expect(await lineAt(path, (error as Malformed).offset)).toBe(line);
  });

  test("orders.csv is accepted", async () => {
    expect(await describeFile(join(samples, "orders.csv"), { ...plain, strict: true })).toMatchObject({
      rows: 240,
      bytes: 13_923,
    });
  });
});

describe("the generated sample", () => {
  test("is the same everywhere", async () => {
    const path = join(folder.path, "new", "measurements.csv");
    await writeMeasurements(path, 335_000);
    expect((await stat(path)).size).toBe(20_020_107);
    expect(
      createHash("sha256")
        .update(await readFile(path))
        .digest("hex"),
    ).toBe("351542d06fa85522a2252a611b497e713629ab4916f7ab097805423e5e4a19c8");
    expect(await readdir(join(folder.path, "new"))).toEqual(["measurements.csv"]);
  });
});

describe("the generated folder", () => {
  async function outcomes(path: string): Promise<Record<string, string>> {
    const names = (await readdir(path)).sort();
    const entries = await Promise.all(
      names.map(async (name) => {
        const error = await describeFile(join(path, name), plain).then(
          () => undefined,
          (thrown: unknown) => thrown as Malformed,
        );
        return [name, error === undefined ? "" : `${await lineAt(join(path, name), error.offset)}: ${error.reason}`] as const;
      }),
    );
    return Object.fromEntries(entries);
  }

  test("has 200 files, eleven of them broken in the ways that files are, and is made once", async () => {
    const { path, label } = await sampleFolder(folder.path);
    expect({ path, label }).toEqual({ path: join(folder.path, "import-200"), label: "import-200" });
    const found = await outcomes(path);
    expect(Object.keys(found)).toHaveLength(200);
    expect(Object.entries(found).filter(([, refusal]) => refusal !== "")).toMatchInlineSnapshot(`
      [
        [
          "day-017.csv",
          "1: the file is empty",
        ],
        [
          "day-034.csv",
          "4: not valid UTF-8; save the file as UTF-8",
        ],
        [
          "day-051.csv",
          "78: a quote is opened and never closed",
        ],
        [
          "day-068.csv",
          "77: expected 7 cells, found 6",
        ],
        [
          "day-085.csv",
          "1: the file is empty",
        ],
        [
          "day-102.csv",
          "4: not valid UTF-8; save the file as UTF-8",
        ],
        [
          "day-119.csv",
          "74: a quote is opened and never closed",
        ],
        [
          "day-136.csv",
          "73: expected 7 cells, found 6",
        ],
        [
          "day-153.csv",
          "1: the file is empty",
        ],
        [
          "day-170.csv",
          "4: not valid UTF-8; save the file as UTF-8",
        ],
        [
          "day-187.csv",
          "70: a quote is opened and never closed",
        ],
      ]
    `);

    const before = (await stat(join(path, "day-001.csv"))).mtimeMs;
    await sampleFolder(folder.path);
    expect((await stat(join(path, "day-001.csv"))).mtimeMs).toBe(before);
    expect((await readdir(folder.path)).filter((name) => name.includes("unfinished"))).toEqual([]);
  });

  test("may have no broken ones, and is made anew where an interrupted run left half of it", async () => {
    const path = join(folder.path, "good");
    await mkdir(`${path}.unfinished`);
    await writeFile(join(`${path}.unfinished`, "day-999.csv"), "half");
    await writeImportFolder(path, { files: 20 });
    expect(new Set(Object.values(await outcomes(path)))).toEqual(new Set([""]));
    expect(await readdir(path)).toHaveLength(20);
  });
});
