import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for one test file. `afterAll(folder.remove)` takes it away. */
export async function temporaryFolder(): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "ligature-example-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
