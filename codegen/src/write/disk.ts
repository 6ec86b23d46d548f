import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, posix } from "node:path";
import type { GeneratedFile } from "../generate.ts";
import { readText } from "../read/index.ts";
import { marker } from "../print/header.ts";

/** Files that differ from what is on disk; git may have turned their line ends, which is no difference. */
export function changedFiles(dir: string, files: readonly GeneratedFile[]): readonly GeneratedFile[] {
  return files.filter(({ path, text }) => readText(join(dir, path))?.replaceAll("\r\n", "\n") !== text);
}

/**
 * Writes the files that differ, one after the other in the given order, each as a whole: a reader sees the old
 * file or the new one. Returns the paths that were written.
 */
export function writeChanged(dir: string, files: readonly GeneratedFile[]): readonly string[] {
  return changedFiles(dir, files).map(({ path, text }) => {
    const file = join(dir, path);
    mkdirSync(dirname(file), { recursive: true });
    const temporary = join(dirname(file), `.${basename(file)}.${process.pid}.tmp`);
    try {
      writeFileSync(temporary, text);
      renameSync(temporary, file);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    return path;
  });
}

type Named = Pick<GeneratedFile, "path">;

/** Files in a folder of `dir` that an older version of this generator wrote and this one doesn't. */
export function staleFiles(dir: string, files: readonly Named[], folder = "generated"): readonly string[] {
  const wanted = new Set(files.map(({ path }) => path));
  return entriesOf(join(dir, folder))
    .map((name) => posix.join(folder, name))
    .filter((path) => !wanted.has(path) && isOurs(join(dir, path)))
    .sort();
}

/** Deletes stale files; nothing that doesn't carry our header. */
export function deleteStale(dir: string, files: readonly Named[], folder = "generated"): readonly string[] {
  const stale = staleFiles(dir, files, folder);
  for (const path of stale) rmSync(join(dir, path), { force: true });
  return stale;
}

function isOurs(file: string): boolean {
  return readText(file)?.slice(0, 200).includes(marker) === true;
}

/** Whether a file may be written: it isn't there, or a generator wrote it. */
export function isOursOrMissing(file: string): boolean {
  return readText(file) === undefined || isOurs(file);
}

function entriesOf(dir: string): readonly string[] {
  try {
    return readdirSync(dir, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}
