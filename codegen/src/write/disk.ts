import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, posix, relative } from "node:path";
import { UsageError } from "ligature/cli";
import { readText } from "../workspace/index.ts";
import { marker } from "./header.ts";

/** A file of the output; its path is relative to the package, with `/`. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** A file or folder can't be written: a file is where a folder should be, the disk is full, or it is not allowed. */
export class WriteProblem extends UsageError {
  override readonly name: string = "WriteProblem";
  /** The message without the file. */
  readonly problem: string;

  constructor(file: string, cause: unknown) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const problem = `can't be written: ${reasons[code ?? ""] ?? message}.`;
    super(`${shown(file)} ${problem}`, { cause });
    this.problem = problem;
  }
}

const reasons: Readonly<Record<string, string>> = {
  EEXIST: "a file is where its folder should be",
  ENOTDIR: "a file is where its folder should be",
  EISDIR: "a folder is in its place",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
};

function shown(file: string): string {
  return relative(process.cwd(), file).replaceAll("\\", "/") || ".";
}

/** Files that differ from what is on disk; git may have turned their line ends, which is no difference. */
export function changedFiles(dir: string, files: readonly GeneratedFile[]): readonly GeneratedFile[] {
  return files.filter(({ path, text }) => readText(join(dir, path))?.replaceAll("\r\n", "\n") !== text);
}

/**
 * Writes the files that differ, one after the other in the given order, each as a whole: a reader sees the old
 * file or the new one. Returns the paths that were written.
 * @throws WriteProblem
 */
export function writeChanged(dir: string, files: readonly GeneratedFile[]): readonly string[] {
  return changedFiles(dir, files).map(({ path, text }) => {
    const file = join(dir, path);
    const temporary = join(dirname(file), `.${basename(file)}.${process.pid}.tmp`);
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(temporary, text);
      renameSync(temporary, file);
    } catch (error) {
      removeIfThere(temporary);
      throw new WriteProblem(file, error);
    }
    return path;
  });
}

function removeIfThere(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Its folder isn't one; what kept the file from being written is said already.
  }
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
  return deleteFiles(dir, staleFiles(dir, files, folder));
}

/** Deletes files; returns their paths. @throws WriteProblem */
export function deleteFiles(dir: string, paths: readonly string[]): readonly string[] {
  for (const path of paths) {
    try {
      rmSync(join(dir, path), { force: true });
    } catch (error) {
      throw new WriteProblem(join(dir, path), error);
    }
  }
  return paths;
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
