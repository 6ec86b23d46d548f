/** The program of a child process: loads the module that its first argument names, and runs one job at a time. */
import { inspect } from "node:util";
import { Worker } from "node:worker_threads";
import { after } from "../../timing/index.ts";
import { closeApps, JobServer } from "./serve-jobs.ts";
import type { FromChild, Job, ToChild } from "./messages.ts";

/** Milliseconds that a child which has failed waits at most until its last words are written. */
const lastWords = 1000;
/** Milliseconds between two looks of the guard. */
const guardEvery = 50;

const [url = "", memoryLimit = "0"] = process.argv.slice(2);
const server = new JobServer(url);

function send(message: FromChild): void {
  // n.b. a channel that is closed: the worker has gone, and this child ends with it.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

/**
 * A thread, since what watches must not be blocked by what it watches. It ends the whole group, and so what a handler has
 * started; and tells of memory by a pipe, which needs no event loop.
 */
const guard = `
  const { workerData: { parent, limit, every } } = require("node:worker_threads");
  const { writeSync } = require("node:fs");
  const end = () => {
    try { process.kill(-process.pid, "SIGKILL"); } catch {}
    process.kill(process.pid, "SIGKILL");
  };
  setInterval(() => {
    if (process.ppid !== parent) end();
    if (limit === 0) return;
    const used = process.memoryUsage.rss();
    if (used <= limit) return;
    try { writeSync(4, String(used)); } catch {}
    end();
  }, every);
`;
const workerData = { parent: process.ppid, limit: Number(memoryLimit), every: guardEvery };
new Worker(guard, { eval: true, workerData, execArgv: [], stdin: false }).unref();

process.on("message", (message: ToChild) => {
  if (message.type === "abort") server.abort(message.reason);
  else if (message.job.kind === "end") void closeApps().then(() => process.exit(0));
  else void run(message.job);
});

async function run(job: Job): Promise<void> {
  const outcome = await server.run(job, send);
  send({ type: "done", outcome, memory: process.memoryUsage.rss() });
}

process.on("disconnect", () => process.exit(0));
process.on("uncaughtException", (error: unknown) => {
  after(lastWords, () => process.exit(1));
  process.send?.({ type: "uncaught", problem: inspect(error) } satisfies FromChild, undefined, undefined, () => process.exit(1));
});
