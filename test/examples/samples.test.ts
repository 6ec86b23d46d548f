import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeFile, lineAt, type Malformed } from "../../examples/dist/processing/csv/index.js";
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
