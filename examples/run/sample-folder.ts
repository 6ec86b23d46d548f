import { access, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { InputFolder } from "./input-folders.ts";
import { header, measurements } from "./measurements.ts";

const name = "import-200";

/** A folder to import, made on first use: 200 small files, eleven of them broken. */
export async function sampleFolder(data: string): Promise<InputFolder> {
  const path = join(data, name);
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (!isThere) await writeImportFolder(path, { files: 200, brokenEvery: 17 });
  return { path, label: name };
}

export interface ImportFolderOptions {
  readonly files: number;
  /** Every so many files, one is broken. @default none */
  readonly brokenEvery?: number;
}

/** Writes `day-001.csv` and so on: the same bytes every time. */
export async function writeImportFolder(path: string, { files, brokenEvery }: ImportFolderOptions): Promise<void> {
  // Under another name until it is complete, so that an interrupted run leaves no half a folder behind.
  const unfinished = `${path}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  for (let day = 1; day <= files; day++) {
    const good = header + measurements(day * 1000, day * 1000 + 20 + ((day * 7) % 60));
    const isBroken = brokenEvery !== undefined && day % brokenEvery === 0;
    const content = isBroken ? mistakes[(day / brokenEvery) % mistakes.length]?.(good) : good;
    await writeFile(join(unfinished, `day-${String(day).padStart(3, "0")}.csv`), content ?? good);
  }
  await rename(unfinished, path);
}

/** What people's files are like. */
const mistakes: readonly ((good: string) => string | Buffer)[] = [
  // A cell is missing.
  (good) => good.replace(/,(?:true|false)\n$/, "\n"),
  () => "",
  // Not UTF-8: "Córdoba" and others with one byte for each letter.
  (good) => Buffer.from(good, "latin1"),
  // A quote that nobody closes.
  (good) => good.replace(/\n(\d+),([^\n]*)\n$/, '\n$1,"$2\n'),
];
