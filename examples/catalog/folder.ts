import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** The folder can't be imported, for a reason that a person can do something about. */
export class UnusableFolder extends Error {
  override readonly name = "UnusableFolder";
}

/** What all its files' descriptions take must fit into the one message that brings them back. */
const maxFiles = 5000;

/**
 * The paths of a folder's CSV files, by name. Folders in it are not looked into.
 * @throws UnusableFolder
 */
export async function csvFilesIn(folder: string): Promise<string[]> {
  const names = await namesIn(folder);
  if (names.length > maxFiles) {
    const count = names.length.toLocaleString("en");
    throw new UnusableFolder(`it has ${count} files; an import takes at most ${maxFiles.toLocaleString("en")}`);
  }
  return names.sort().map((name) => join(folder, name));
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory() && /\.csv$/i.test(entry.name)).map((entry) => entry.name);
  } catch (error) {
    throw new UnusableFolder(reasonOf(error), { cause: error });
  }
}

function reasonOf(error: unknown): string {
  switch (error instanceof Error && "code" in error ? error.code : undefined) {
    case "ENOENT":
      return "no such folder";
    case "ENOTDIR":
      return "not a folder";
    case "EACCES":
    case "EPERM":
      return "may not be read";
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
