import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../src/dist/cli/main.js", import.meta.url));
const cwd = fileURLToPath(new URL("..", import.meta.url));

/** `ligature …` in a process of its own, in the folder of the tests. */
export class CommandProcess {
  readonly process: ChildProcess;
  out = "";
  err = "";
  readonly ended: Promise<number | null>;

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}, folder: string = cwd) {
    this.process = spawn(process.execPath, [program, ...args], {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.process.stdout?.on("data", (chunk: Buffer) => (this.out += chunk.toString()));
    this.process.stderr?.on("data", (chunk: Buffer) => (this.err += chunk.toString()));
    this.ended = once(this.process, "close").then(([code]) => code as number | null);
  }

  /** The log lines that are JSON. */
  get log(): readonly Readonly<Record<string, unknown>>[] {
    return this.err
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  }
}
