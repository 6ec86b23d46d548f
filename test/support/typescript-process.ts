import { fork, type ChildProcess, type ForkOptions } from "node:child_process";
import { fileURLToPath } from "node:url";

/**
 * Starts a program of this folder in a process of its own, as it is: nothing has to be compiled before.
 * @param name of its file, without the ending
 */
export function forkTypescript(name: string, args: readonly string[], options: ForkOptions): ChildProcess {
  const program = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  return fork(program, args, { ...options, execArgv: ["--import", import.meta.resolve("tsx")] });
}
