import { access, constants, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { UsageError } from "./arguments.ts";

export interface InputFile {
  readonly path: string;
  /** How it is called in what people read. */
  readonly label: string;
}

/**
 * The user's own files.
 * @throws UsageError with a line for each that can't be read
 */
export async function findFiles(names: readonly string[], folder: string): Promise<InputFile[]> {
  const files = names.map((name) => ({ path: resolve(folder, name), label: name }));
  const problems = await Promise.all(files.map(problemOf));
  const found = problems.filter((problem) => problem !== undefined);
  if (found.length > 0) throw new UsageError(found.join("\n"));
  return files;
}

async function problemOf({ path, label }: InputFile): Promise<string | undefined> {
  try {
    const stats = await stat(path);
    if (!stats.isFile()) return `${label}: not a file`;
    await access(path, constants.R_OK);
    return undefined;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return `${label}: no such file`;
    if (code === "EACCES" || code === "EPERM") return `${label}: may not be read`;
    return `${label}: ${error instanceof Error ? error.message : String(error)}`;
  }
}
