import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { GenResult } from "./gen-result.ts";
import { defaultLoadTimeout, type Answer, type Job, type Told } from "./job.ts";

/**
 * Generates in a process of its own, which is ended when it has answered. Node never forgets a module that it loaded:
 * here every round sees the sources as they are, and whoever watches doesn't grow. And a contract is code that its author
 * is in the middle of writing: it may loop, exit, or leave timers and servers behind, and all that ends with the process.
 * A contract that ends it, or doesn't let it go on, has failed, and another process does the rest.
 */
export async function generateApart(job: Job, signal?: AbortSignal): Promise<Answer> {
  const results: GenResult[] = [];
  let dirs = job.dirs;
  while (dirs.length > 0) {
    if (signal?.aborted === true) break;
    const { told, failed, problem } = await oneProcess({ ...job, dirs }, signal);
    results.push(...told, ...(failed === undefined ? [] : [failed]));
    if (problem !== undefined) return { problem };
    const answered = new Set(results.map(({ dir }) => dir));
    dirs = dirs.filter((dir) => !answered.has(dir));
  }
  return { results };
}

interface Ended {
  readonly told: readonly GenResult[];
  /** The package whose contract ended the process. */
  readonly failed?: GenResult;
  /** What has nothing to do with one contract. */
  readonly problem?: string;
}

type Loading = Extract<Told, { readonly kind: "loading" }>;

async function oneProcess(job: Job, signal: AbortSignal | undefined): Promise<Ended> {
  const child = fork(fileURLToPath(new URL("round-process.js", import.meta.url)), {
    cwd: job.cwd,
    execArgv: [],
    serialization: "advanced",
  });
  const told: GenResult[] = [];
  let loading: Loading | undefined;
  let problem: string | undefined;
  let isDone = false;
  let timer: NodeJS.Timeout | undefined;
  const kill = (): unknown => child.kill("SIGKILL");
  child.on("message", (message: Told) => {
    clearTimeout(timer);
    loading = message.kind === "loading" ? message : undefined;
    // The process gives up by itself, unless the contract keeps it from doing anything.
    if (message.kind === "loading") timer = setTimeout(kill, (job.loadTimeout ?? defaultLoadTimeout) + graceMs);
    else if (message.kind === "result") told.push(message.result);
    else if (message.kind === "problem") problem = message.problem;
    else if (message.kind === "done") isDone = true;
    if (isDone || problem !== undefined) kill();
  });
  signal?.addEventListener("abort", kill, { once: true });
  try {
    // It may have ended before it could be asked; its exit says so.
    child.send(job, () => {});
    const [code, killedBy] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    if (isDone || problem !== undefined || signal?.aborted === true) return { told, ...(problem !== undefined && { problem }) };
    const how = killedBy ?? `code ${code}`;
    if (loading === undefined) return { told, problem: `The process that generates ended with ${how}.` };
    const message =
      killedBy === "SIGKILL"
        ? `loading it took over ${(job.loadTimeout ?? defaultLoadTimeout) / 1000} s without a pause: an endless loop? A contract is run to be read, and must only declare.`
        : `loading it ended the process (${how}). A contract is run to be read, and must only declare.`;
    const { name, dir, inputs, source: file } = loading;
    return { told, failed: { name, dir, inputs, status: "failed", files: [], diagnostics: [{ file, message }] } };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", kill);
  }
}

/** For a process that is only slow to say that it gave up. */
const graceMs = 5_000;
