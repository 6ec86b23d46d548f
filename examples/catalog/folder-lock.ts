import { open, readFile, rm } from "node:fs/promises";

/** Another process uses the folder. */
export class FolderInUse extends Error {
  override readonly name = "FolderInUse";
}

/**
 * Makes sure that one process at a time uses a folder: an embedded database has no server that would see to it.
 * The lock of a process that is gone counts for nothing.
 * @returns how to give the folder back
 * @throws FolderInUse
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = `${folder}.lock`;
  if (!(await tryCreate(file))) {
    const owner = Number(await readFile(file, "utf8"));
    if (isRunning(owner)) throw new FolderInUse(`${folder} is in use by process ${owner}. Stop it, or use another folder.`);
    await rm(file, { force: true });
    if (!(await tryCreate(file)))
      throw new FolderInUse(`${folder} is in use by a process that has just started. Stop it, or use another folder.`);
  }
  return () => rm(file, { force: true });
}

async function tryCreate(file: string): Promise<boolean> {
  try {
    const handle = await open(file, "wx");
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    // Signal 0 only asks whether a signal could be sent.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
