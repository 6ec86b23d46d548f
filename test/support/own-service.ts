import { randomUUID } from "node:crypto";
import {
  createApp,
  silentLogger,
  type App,
  type AppOptions,
  type ImmutableSignature,
  type Logger,
  type RemoteTask,
  type Signature,
  type TaskContext,
  type Worker,
  type WorkerOptions,
} from "ligature";
import { contract, type QueueOptions, type TaskDefinition } from "ligature/contract";
import { defineContract, type Contract } from "ligature/generated";
import { Journal } from "./journal.ts";

type Builders = {
  si(...args: readonly unknown[]): ImmutableSignature<unknown>;
  s(...args: readonly unknown[]): Signature<unknown, unknown>;
};
type Run = (...args: readonly never[]) => unknown;
/** A handler of tasks with a key: what it is given, and its context. */
export type OwnHandler = ((key: never, ctx: TaskContext) => unknown) | { readonly run: Run };

export interface OwnService<Key extends string> extends AsyncDisposable {
  readonly broker: string;
  readonly queue: string;
  readonly journal: Journal;
  /** The caller's. */
  readonly app: App;
  /** The app that hosts the worker. */
  readonly server: App;
  readonly worker: Worker;
  readonly remote: Readonly<Record<Key, RemoteTask<readonly unknown[], unknown>>>;
  readonly tasks: Readonly<Record<Key, Builders>>;
  /** Another app on the same broker; closed with the rest. */
  newApp(options?: Partial<AppOptions>): App;
  /** Another worker of the same contract, in an app of its own. */
  newWorker(options?: WorkerOptions): Worker;
}

/** A caller and a worker of a contract that a test writes itself, as two apps that share nothing but the broker. */
export async function startOwn<Key extends string>(
  broker: string,
  {
    tasks,
    handlers,
    ...options
  }: {
    readonly tasks: Readonly<Record<Key, TaskDefinition>>;
    readonly handlers: (system: OwnService<Key>) => Readonly<Record<Key, OwnHandler>>;
    readonly queue?: Omit<QueueOptions, "name">;
    readonly worker?: WorkerOptions;
    readonly app?: Partial<AppOptions>;
    readonly server?: Partial<AppOptions>;
    readonly log?: Logger;
    /** @default true */
    readonly start?: boolean;
  },
): Promise<OwnService<Key>> {
  const url = broker.startsWith("memory:") ? `memory://${randomUUID()}` : broker;
  const queue = `own-${randomUUID()}`;
  const definition = contract("own", { queue: { ...options.queue, name: queue }, tasks });
  const facts = { fingerprint: "", plainArgs: true, plainResult: true };
  const keys = Object.keys(tasks) as Key[];
  type Own = Contract<OwnService<Key>["remote"]> & OwnService<Key>["tasks"];
  const own = defineContract<Own>(definition, Object.fromEntries(keys.map((key) => [key, facts])));
  const journal = new Journal();
  const apps: App[] = [];
  const newApp = (more: Partial<AppOptions> = {}): App => {
    const made = createApp({ name: "own", broker: url, log: options.log ?? silentLogger, ...more });
    apps.push(made);
    return made;
  };
  const server = newApp({ name: "own-worker", ...options.server });
  const app = newApp({ name: "own-caller", ...options.app });
  const workerIn = (host: App, more: WorkerOptions | undefined): Worker => host.worker(own, handlers(system), more);
  const system: OwnService<Key> = {
    broker: url,
    queue,
    journal,
    app,
    server,
    get worker() {
      return worker;
    },
    remote: app.remote(own),
    tasks: own,
    newApp,
    newWorker: (more) => workerIn(newApp({ name: "own-worker", ...options.server }), more),
    async [Symbol.asyncDispose]() {
      journal.release();
      await Promise.all(apps.map((each) => each.close()));
    },
  };
  const worker = workerIn(server, options.worker);
  if (options.start !== false) await worker.start();
  return system;
}
