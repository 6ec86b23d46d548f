import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Answer, Job } from "./job.ts";

/**
 * Generates in a process of its own, which ends with the round. Node never forgets a module that it loaded:
 * here every round sees the sources as they are, and the watching process doesn't grow.
 */
export async function generate(job: Job, signal: AbortSignal): Promise<Answer> {
  const child = fork(fileURLToPath(new URL("round-process.js", import.meta.url)), {
    cwd: job.cwd,
    execArgv: [],
    serialization: "advanced",
  });
  let answer: Answer | undefined;
  child.once("message", (message) => (answer = message as Answer));
  const kill = (): unknown => child.kill();
  signal.addEventListener("abort", kill, { once: true });
  try {
    child.send(job);
    const [code, killedBy] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    return answer ?? { problem: `The process that generates ended with ${killedBy ?? `code ${code}`}.` };
  } finally {
    signal.removeEventListener("abort", kill);
  }
}
