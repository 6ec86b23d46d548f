import { spawn } from "node:child_process";
import { UserError } from "./processes.mjs";

/** How long another process is waited for, in seconds. */
export const patience = 900;

/**
 * Locks a folder that exists, for one process at a time, and resolves with what unlocks it. `what` it is for is said when it
 * takes long. The lock has a holder, and ends with it; that ends when this process does, however that ends.
 */
export async function lock(folder, what) {
  const holder = spawn("/usr/bin/flock", ["--timeout", String(patience), folder, "sh", "-c", "echo ours; exec cat"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const waiting = setTimeout(() => console.log(`Waiting until another process has ended ${what} …`), 3_000);
  try {
    await new Promise((resolve, reject) => {
      holder.stdout.once("data", resolve);
      holder.once("error", reject);
      holder.once("close", () =>
        reject(new UserError(`Another process has been ${what} for ${patience} s: end it, then try again.`)),
      );
    });
  } finally {
    clearTimeout(waiting);
  }
  return () => holder.stdin.end();
}
