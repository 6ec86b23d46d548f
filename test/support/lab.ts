import { randomUUID } from "node:crypto";
import { lab, type Lab, type LabHandlers, type LabRemote } from "@ligature/lab";
import {
  createApp,
  silentLogger,
  type App,
  type AppOptions,
  type Logger,
  type TaskContext,
  type Worker,
  type WorkerOptions,
} from "ligature";
import { defineContract, type Contract, type TaskFacts } from "ligature/generated";
import type { QueueSpec } from "../../src/dist/contract/index.js";
import { Journal } from "./journal.ts";

/** The same contract on a queue of its own, so that tests on one broker don't meet. */
export function onQueue<C extends Contract>(contract: C, name: string, more: Partial<QueueSpec> = {}): C {
  const { spec, tasks } = contract["~generated"];
  const queue = { ...spec.queue, ...more, name };
  const moved = new Map([...spec.tasks].map(([key, task]) => [key, { ...task, queue }]));
  const facts = Object.fromEntries(
    [...tasks].map(([key, { fingerprint, plainArgs, plainResult }]): [string, TaskFacts] => [
      key,
      { fingerprint, plainArgs, plainResult },
    ]),
  );
  return defineContract<C>({ "~contract": { ...spec, queue, tasks: moved } }, facts);
}

/** Handlers of every lab task; what they see goes into the journal. */
export function labHandlers(journal: Journal, remote: () => LabRemote): LabHandlers {
  const originOf = (ctx: TaskContext): { rootId: string; parentId: string; deadline: Date | undefined } => ({
    rootId: ctx.rootId,
    parentId: ctx.parentId ?? "",
    deadline: ctx.deadline,
  });
  return {
    add: (a, b) => a + b,
    echo: (value) => value,
    odd: (value) => {
      journal.write(`odd:${value.text}`, value);
      // The schema refuses its own default.
      return { ...value, name: undefined };
    },
    silent: () => {},
    after: (nothing, key) => journal.write(`after:${key}`, { nothing }),
    greet: (name, options, times) => {
      const text = `hello ${name}`.repeat(times ?? 1);
      return options?.loud === true ? text.toUpperCase() : text;
    },
    explode: {
      run: (message) => {
        throw new TypeError(message);
      },
      onFailure: (request, error) => journal.write(`onFailure:${request.args[0]}`, { request, error }),
    },
    order: (item) => {
      throw new lab.errors.OutOfStock({ item, since: new Date("2026-01-02T03:04:05Z") });
    },
    flaky: {
      run: (key, failures, ctx) => {
        journal.write(`flaky:${key}`, ctx.retries);
        if (ctx.retries < failures) throw new Error(`failure ${ctx.retries + 1}`);
        return ctx.retries;
      },
      onRetry: (request) => journal.write(`onRetry:${request.args[0]}`, request.retries),
      onSuccess: (request, result) => journal.write(`onSuccess:${request.args[0]}`, result),
    },
    patient: (key, until, ctx) => {
      journal.write(`patient:${key}`, ctx.retries);
      return ctx.retries < until ? ctx.retry({ countdown: 20, limit: 5 }) : ctx.retries;
    },
    wait: async (key, ctx) => {
      journal.write(`wait:${key}`, ctx);
      for (let step = 1; ; step += 1) {
        const order = await journal.order(`${key}:${step}`, ctx.signal);
        if (order === "finish") return `finished after ${step - 1}`;
        ctx.progress({ step });
      }
    },
    softLimited: async (key, ctx) => {
      await journal.order(key, ctx.signal).catch(() => {});
      return "cleaned up";
    },
    hardLimited: async (key) => {
      await journal.order(key);
      return "never";
    },
    lie: () => ({ truth: "no" }) as never,
    quiet: (key) => journal.write(`quiet:${key}`, true),
    early: (key, ctx) => {
      journal.write(`early:${key}`, ctx.redelivered);
      return key;
    },
    double: (value) => value * 2,
    describe: (value, unit) => `${value} ${unit}`,
    sum: (values) => values.reduce((total, value) => total + value, 0),
    gather: (values, key, ctx) => {
      journal.write(key, { values, ctx });
      return values;
    },
    gatherRich: (values) => values,
    record: (value, key, ctx) => journal.write(key, { value, ctx }),
    recordRich: (value, key, at) => journal.write(key, { value, at }),
    recordFailure: (key, ctx) => journal.write(key, ctx.failure),
    nested: async (_key, ctx) => {
      const inner = await remote().origin();
      journal.write(`nested:${ctx.id}`, { outer: originOf(ctx), inner });
      return inner;
    },
    origin: (ctx) => originOf(ctx),
  };
}

export interface LabSystem extends AsyncDisposable {
  readonly lab: Lab;
  readonly remote: LabRemote;
  /** The caller. */
  readonly app: App;
  readonly worker: Worker;
  readonly journal: Journal;
  readonly broker: string;
  /** Of the app that hosts the worker; undefined for what an app takes by default. */
  readonly backend: string | undefined;
  readonly queue: string;
  /** Another app on the same broker; closed with the system. */
  newApp(options?: Partial<AppOptions>): App;
}

export interface LabOptions {
  readonly worker?: WorkerOptions;
  readonly app?: Partial<AppOptions>;
  /** Of the app that hosts the worker. */
  readonly server?: Partial<AppOptions>;
  readonly log?: Logger;
  /** How the queue is declared. */
  readonly queue?: Partial<QueueSpec>;
  /** In place of those of {@link labHandlers}. */
  readonly handlers?: Partial<LabHandlers>;
  /** @default true */
  readonly start?: boolean;
}

/** A caller and a worker, as two apps that share nothing but the broker. */
export async function startLab(broker: string, options: LabOptions = {}): Promise<LabSystem> {
  const url = broker.startsWith("memory:") ? `memory://${randomUUID()}` : broker;
  const queue = `lab-${randomUUID()}`;
  const contract = onQueue(lab, queue, options.queue);
  const journal = new Journal();
  const apps: App[] = [];
  const newApp = (more: Partial<AppOptions> = {}): App => {
    const made = createApp({ name: "lab", broker: url, log: options.log ?? silentLogger, ...more });
    apps.push(made);
    return made;
  };
  const server = newApp({ name: "lab-worker", ...options.server });
  const worker = server.worker(
    contract,
    { ...labHandlers(journal, () => server.remote(contract)), ...options.handlers },
    options.worker,
  );
  const app = newApp({ name: "lab-caller", ...options.app });
  if (options.start !== false) await worker.start();
  return {
    lab: contract,
    remote: app.remote(contract),
    app,
    worker,
    journal,
    broker: url,
    backend: options.server?.backend,
    queue,
    newApp,
    async [Symbol.asyncDispose]() {
      journal.release();
      await Promise.all(apps.map((each) => each.close()));
    },
  };
}
