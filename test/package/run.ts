import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

/** Runs a program and resolves with its standard output; what it said is in the error when it fails. */
export async function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve)),
  ]);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} in ${cwd} ended with exit code ${code}:\n${stdout}${stderr}`);
  return stdout;
}
