import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lab, type Lab, type LabRemote } from "@ligature/lab";
import { createApp, silentLogger, type App, type AppOptions, type Logger, type PoolOptions, type Worker } from "ligature";
import type { QueueSpec } from "../../src/dist/contract/index.js";
import { onQueue } from "./lab.ts";
import { eventually } from "./patience.ts";

export interface PoolLab extends AsyncDisposable {
  readonly lab: Lab;
  readonly remote: LabRemote;
  readonly app: App;
  readonly worker: Worker;
  readonly queue: string;
  readonly broker: string;
  /** Lines that handlers have noted. */
  notes(): readonly string[];
  noted(line: string | RegExp): Promise<void>;
}

/** As it was compiled: much quicker to load, and pools load it often. */
const compiled = new URL("../dist/support/lab-module.js", import.meta.url);

/** A caller, and a worker whose handlers are the module of the lab. */
export async function startPoolLab(
  broker: string,
  options: PoolOptions,
  more: {
    readonly log?: Logger;
    readonly queue?: Partial<QueueSpec>;
    readonly module?: URL;
    /** Milliseconds that `hardLimited` has. */ readonly hard?: number;
    readonly server?: Partial<AppOptions>;
  } = {},
): Promise<PoolLab> {
  const url = broker.startsWith("memory:") ? `memory://${randomUUID()}` : broker;
  const queue = `pool-${randomUUID()}`;
  const notes = join(tmpdir(), `${queue}.notes`);
  const contract = onQueue(more.hard === undefined ? lab : withHardLimit(lab, more.hard), queue, more.queue);
  Object.assign(process.env, { LAB_NOTES: notes, LAB_BROKER: url, LAB_QUEUE: queue });
  const log = more.log ?? silentLogger;
  const server = createApp({ name: "pool-worker", broker: url, log, ...more.server });
  const app = createApp({ name: "pool-caller", broker: url, log: silentLogger });
  const worker = server.worker(contract, more.module ?? compiled, options);
  const read = (): readonly string[] => (existsSync(notes) ? readFileSync(notes, "utf8").trim().split("\n") : []);
  const system: PoolLab = {
    lab: contract,
    remote: app.remote(contract),
    app,
    worker,
    queue,
    broker: url,
    notes: read,
    noted: (line) =>
      eventually(() => {
        if (!read().some((each) => (typeof line === "string" ? each === line : line.test(each))))
          throw new Error(`Not noted: ${line}; but: ${read().join("; ")}`);
      }),
    async [Symbol.asyncDispose]() {
      await Promise.all([server.close(), app.close()]);
      rmSync(notes, { force: true });
    },
  };
  try {
    await worker.start();
  } catch (error) {
    await system[Symbol.asyncDispose]();
    throw error;
  }
  return system;
}

function withHardLimit(contract: Lab, hard: number): Lab {
  const { spec, tasks, ...rest } = contract["~generated"];
  const limited = new Map(
    [...spec.tasks].map(([key, task]) => [key, key === "hardLimited" ? { ...task, timeLimit: { soft: undefined, hard } } : task]),
  );
  return { ...contract, "~generated": { ...rest, tasks, spec: { ...spec, tasks: limited } } };
}
