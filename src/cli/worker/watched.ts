import { spawn } from "node:child_process";
import { once } from "node:events";

/**
 * Node's own watch mode knows which files the module has loaded: it sends SIGTERM when one changes, waits for the end, and starts again.
 * Resolves with its exit code.
 */
export async function runWatched(): Promise<number> {
  const [program = "", ...args] = process.argv.slice(1);
  const own = args.filter((arg) => arg !== "--watch");
  const child = spawn(process.execPath, [...process.execArgv, "--watch", "--watch-preserve-output", program, ...own], {
    stdio: "inherit",
  });
  // From a terminal both get Ctrl+C; the child decides when it is over.
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  const ignore = (): void => {};
  process.on("SIGTERM", forward).on("SIGINT", ignore);
  const [code] = (await once(child, "exit")) as [number | null];
  process.off("SIGTERM", forward).off("SIGINT", ignore);
  return code ?? 0;
}
