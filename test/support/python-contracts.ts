import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../../src/dist/cli/run.js";

const tests = fileURLToPath(new URL("..", import.meta.url));

export interface PythonContracts extends AsyncDisposable {
  /** Has the package `contracts` in it. */
  readonly path: string;
}

/** The package that `ligature python` writes for the contracts of the tests, in a folder of its own. */
export async function writePythonContracts(folders: readonly string[] = ["lab", "legacy"]): Promise<PythonContracts> {
  const path = await mkdtemp(join(tmpdir(), "ligature-python-"));
  await ligature(tests, "python", ...folders, "--out", join(path, "contracts"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Runs a command that must not fail, in this process. */
export async function ligature(cwd: string, ...args: readonly string[]): Promise<void> {
  const lines: string[] = [];
  const note = (line: string): void => void lines.push(line);
  const code = await run(args, { cwd, out: note, err: note, stopSignal: () => new AbortController().signal });
  if (code !== 0) throw new Error(`ligature ${args.join(" ")} ended with ${code}:\n${lines.join("\n")}`);
}
