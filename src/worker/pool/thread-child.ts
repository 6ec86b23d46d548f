/** What piscina runs in each thread. */
import { workerData, type MessagePort } from "node:worker_threads";
import { closeApps, JobServer } from "./serve-jobs.ts";
import type { Job, Outcome, Send, ToChild } from "./messages.ts";

/** What a thread is made with. */
export interface ThreadData {
  readonly url: string;
  /** The module that registers tsx in a thread, if it is needed. */
  readonly tsx: string | undefined;
  /** Jobs after which the thread ends. */
  readonly maxTasks: number;
}

/** A job, and the port by which its thread and the worker talk meanwhile. */
export interface ThreadJob {
  readonly job: Job;
  readonly port: MessagePort;
}

const { url, tsx, maxTasks } = workerData as ThreadData;
const server = new JobServer(url);
let ready: Promise<void> | undefined;
let tasks = 0;

/** @returns once the outcome has been sent */
export async function serve({ job, port }: ThreadJob): Promise<void> {
  const send: Send = (message) => port.postMessage(message);
  port.on("message", (message: ToChild) => {
    if (message.type === "abort") server.abort(message.reason);
  });
  if (job.kind !== "end") send({ type: "done", outcome: await run(job, send), memory: 0 });
  if (job.kind === "run") tasks += 1;
  port.close();
  if (job.kind !== "end" && tasks < maxTasks) return;
  await closeApps();
  // n.b. in a thread this ends only that; piscina makes another one.
  process.exit(0);
}

async function run(job: Job, send: Send): Promise<Outcome> {
  try {
    await (ready ??= registerTsx());
  } catch (error) {
    ready = undefined;
    return { unusable: error instanceof Error ? error.message : String(error) };
  }
  return server.run(job, send);
}

async function registerTsx(): Promise<void> {
  if (tsx === undefined) return;
  const { register } = (await import(tsx)) as { readonly register: () => unknown };
  register();
}
