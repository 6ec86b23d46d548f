import { readdir } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { UsageError } from "./arguments.ts";

/** A folder to be imported as a whole. */
export interface InputFolder {
  readonly path: string;
  /** How it is called in what people read. */
  readonly label: string;
}

/**
 * The user's own folders.
 * @throws UsageError with a line for each that can't be imported
 */
export async function findFolders(names: readonly string[], callersFolder: string): Promise<InputFolder[]> {
  const folders = names.map((name) => {
    const path = resolve(callersFolder, name);
    return { path, label: basename(path) || path };
  });
  const problems = await Promise.all(folders.map(({ path }) => problemOf(path)));
  const lines = problems.flatMap((problem, index) => (problem === undefined ? [] : [`${names[index]}: ${problem}`]));
  if (lines.length > 0) throw new UsageError(lines.join("\n"));
  return folders;
}

async function problemOf(path: string): Promise<string | undefined> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    // The catalog would take it for an import of nothing; whoever types a folder's name means something.
    const some = entries.some((entry) => !entry.isDirectory() && /\.csv$/i.test(entry.name));
    return some ? undefined : "no .csv file in it";
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") return "no such folder";
    if (code === "ENOTDIR") return "not a folder";
    if (code === "EACCES" || code === "EPERM") return "may not be read";
    return error instanceof Error ? error.message : String(error);
  }
}
