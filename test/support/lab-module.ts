/**
 * Handlers of the lab as a module, for pools. What `describe` does depends on its unit; most of that isn't good for whoever runs
 * it. `LAB_NOTES` names a file for what can't be told by a result, `LAB_BROKER` and `LAB_QUEUE` say where its own calls go.
 */
import { execSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import { once } from "node:events";
import { threadId } from "node:worker_threads";
import { lab, type LabHandlers, type LabRemote } from "@ligature/lab";
import { createApp, silentLogger, type TaskContext } from "ligature";
import { Journal } from "./journal.ts";
import { labHandlers, onQueue } from "./lab.ts";

/** Its process and thread. */
const place = `${process.pid}/${threadId}`;

function note(line: string): void {
  const file = process.env["LAB_NOTES"];
  if (file !== undefined) appendFileSync(file, `${line}\n`);
}

let made: LabRemote | undefined;

function remote(): LabRemote {
  const broker = process.env["LAB_BROKER"] ?? "memory://";
  const app = createApp({ name: "lab-module", broker, log: silentLogger });
  made ??= app.remote(onQueue(lab, process.env["LAB_QUEUE"] ?? ""));
  return made;
}

function spin(): never {
  for (;;) Math.sqrt(Math.random());
}

const damage: Readonly<Record<string, (ctx: TaskContext) => unknown>> = {
  place: () => place,
  tenant: (ctx) => (ctx as TaskContext & { readonly tenant: unknown }).tenant,
  database: (ctx) => (ctx as TaskContext & { readonly database: unknown }).database,
  spin,
  exit: () => process.exit(3),
  abort: () => process.abort(),
  eat: () => {
    const eaten: Buffer[] = [];
    for (;;) eaten.push(Buffer.alloc(8 * 1024 * 1024, 1));
  },
  eatHeap: () => {
    const eaten: object[] = [];
    for (;;) eaten.push({ more: [Math.random()] });
  },
  exec: (ctx) => {
    ctx.log.info({}, "sleeps");
    execSync(`echo "sleeper $$" >> "$LAB_NOTES"; exec sleep 600`);
  },
  late: () => {
    setTimeout(() => {
      throw new Error("too late");
    }, 10);
    return new Promise(() => {});
  },
  deaf: (ctx) => {
    ctx.log.info({}, "hears nothing");
    return new Promise(() => {});
  },
  hears: async (ctx) => {
    ctx.log.info({}, "listens");
    await once(ctx.signal, "abort");
    note(`heard ${(ctx.signal.reason as { code: string }).code}`);
    ctx.signal.throwIfAborted();
  },
};

const handlers = {
  ...labHandlers(new Journal(), remote),
  describe: async (_value, unit, ctx) => {
    note(`${unit} ${ctx.redelivered}`);
    return String(await damage[unit]?.(ctx));
  },
  wait: async (key, ctx) => {
    ctx.log.child({ key }).warn({ err: new RangeError("logged"), at: new Date(0), call: () => {} }, "a line of a handler");
    ctx.progress({ step: 1 });
    return `${ctx.taskName} ${ctx.retries} ${key}`;
  },
  softLimited: async (_key, { signal }) => {
    if (!signal.aborted) await once(signal, "abort");
    return (signal.reason as { readonly code: string }).code;
  },
  hardLimited: spin,
  early: (_key, ctx) => damage[_key]?.(ctx) as string,
  flaky: {
    run: (key, failures, ctx) => {
      if (ctx.retries < failures) throw new Error(`failure ${ctx.retries + 1}`);
      return key.length;
    },
    onRetry: ({ args, retries }, error) => note(`onRetry ${args[0]} ${retries} ${(error as Error).message}`),
    onSuccess: ({ args }, result) => note(`onSuccess ${args[0]} ${result}`),
  },
  recordFailure: (key, { failure }) => note(`${key} ${failure?.error.code} ${failure?.error.message}`),
  nested: async (_key, ctx) => {
    const inner = await remote().origin();
    note(`nested ${ctx.id} ${ctx.rootId}`);
    return inner;
  },
} satisfies LabHandlers;

export default handlers;
