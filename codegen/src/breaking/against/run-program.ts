import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** How a program ended: what it wrote, or undefined for its output when it failed. */
export interface Ran {
  readonly out: string | undefined;
  readonly err: string;
}

/** Runs a program without a shell. A program that isn't there has failed, too. */
export async function run(program: string, args: readonly string[], cwd: string): Promise<Ran> {
  // npm is a script on Windows, which only a shell can start.
  const shell = process.platform === "win32" && program === "npm";
  try {
    const { stdout, stderr } = await execute(program, [...args], { cwd, shell, maxBuffer: 256 * 1024 * 1024 });
    return { out: stdout, err: stderr };
  } catch (error) {
    const { stderr = "", message } = error as Error & { readonly stderr?: string };
    return { out: undefined, err: stderr.trim() === "" ? message : stderr };
  }
}

/** The line that says what went wrong. */
export function lastLine(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.find((line) => /\b(error|fatal)\b/i.test(line)) ?? lines.at(-1) ?? "it failed";
}
