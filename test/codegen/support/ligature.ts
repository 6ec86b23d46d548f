import { spawnSync } from "node:child_process";
import { join } from "node:path";

const main: string = join(import.meta.dirname, "..", "..", "..", "src", "dist", "cli", "main.js");

export interface CommandResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the `ligature` command as a user would, in a process of its own. */
export function ligature(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): CommandResult {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { code: status, out: stdout, err: stderr };
}
