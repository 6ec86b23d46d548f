import { open, readFile, rm } from "node:fs/promises";
import { DatabaseProblem } from "./database.ts";

/**
 * Makes sure that one process at a time uses a folder: an embedded PostgreSQL has no server that would see to it, and two lose
 * each other's rows without an error. The lock of a process that is gone counts for nothing.
 * @returns how to give the folder back
 * @throws DatabaseProblem
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = `${folder}.lock`;
  if (!(await tryCreate(file))) {
    const owner = Number(await readFile(file, "utf8").catch(() => ""));
    if (isRunning(owner)) throw inUse(folder, `process ${owner}`);
    await rm(file, { force: true });
    if (!(await tryCreate(file))) throw inUse(folder, "a process that has just started");
  }
  return () => rm(file, { force: true });
}

function inUse(folder: string, by: string): DatabaseProblem {
  return new DatabaseProblem(`${folder} is in use by ${by}. Stop it, or use another folder.`);
}

async function tryCreate(file: string): Promise<boolean> {
  try {
    const handle = await open(file, "wx");
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw new DatabaseProblem(`${file} can't be written: ${(error as Error).message}`, { cause: error });
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    // Signal 0 only asks whether a signal could be sent.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
