import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { run } from "../../../src/dist/cli/run.js";

const main: string = join(import.meta.dirname, "..", "..", "..", "src", "dist", "cli", "main.js");

export interface CommandResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the `ligature` command as a user would, in a process of its own. */
export function ligature(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): CommandResult {
  // pnpm's start scripts point NODE_PATH at every package there is; a user's folder has only its own.
  const { NODE_PATH: _, ...inherited } = process.env;
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [main, ...args], {
    cwd,
    encoding: "utf8",
    env: { ...inherited, ...env },
    // A test can't time out while it waits here.
    timeout: 120_000,
  });
  if (error !== undefined) throw error;
  return { code: status, out: stdout, err: stderr };
}

/** Runs the same command in this process, where all it needs is loaded already: for what it says and does. */
export async function command(cwd: string, args: readonly string[]): Promise<CommandResult> {
  const written = { out: "", err: "" };
  const code = await run(args, {
    cwd,
    out: (line) => (written.out += `${line}\n`),
    err: (line) => (written.err += `${line}\n`),
    stopSignal: () => new AbortController().signal,
  });
  return { code, ...written };
}

/** Runs the command in a process whose output nobody reads: the pipe is closed before it starts to write. */
export async function unread(cwd: string, args: readonly string[]): Promise<Omit<CommandResult, "out">> {
  const child = spawn(process.execPath, [main, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  let err = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, err };
}
