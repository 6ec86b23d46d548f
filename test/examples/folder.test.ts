import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { csvFilesIn, UnusableFolder } from "../../examples/dist/catalog/folder.js";
import { temporaryFolder } from "../support/temporary-folder.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

test("CSV files by name, whatever the case of their ending; nothing else, and no folder in it", async () => {
  const path = join(folder.path, "mixed");
  await mkdir(join(path, "folder.csv"), { recursive: true });
  for (const name of ["b.csv", "a.CSV", "notes.txt", "csv", "c.csv.part"]) await writeFile(join(path, name), "");
  expect(await csvFilesIn(path)).toEqual([join(path, "a.CSV"), join(path, "b.csv")]);
});

test("a folder without any is no mistake", async () => {
  const path = join(folder.path, "empty");
  await mkdir(path);
  expect(await csvFilesIn(path)).toEqual([]);
});

test("what is no folder is refused", async () => {
  const file = join(folder.path, "file.csv");
  await writeFile(file, "");
  await expect(csvFilesIn(file)).rejects.toThrow(new UnusableFolder("not a folder"));
  await expect(csvFilesIn(join(folder.path, "missing"))).rejects.toThrow(new UnusableFolder("no such folder"));
});

test("more files than one import takes", async () => {
  const path = join(folder.path, "many");
  await mkdir(path);
  await Promise.all(Array.from({ length: 5001 }, (_, index) => writeFile(join(path, `${index}.csv`), "")));
  await expect(csvFilesIn(path)).rejects.toThrow(new UnusableFolder("it has 5,001 files; an import takes at most 5,000"));
});
