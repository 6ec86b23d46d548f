import { backendOpener } from "../backend/open.ts";
import { brokerOpener } from "../broker/open.ts";
import type { BrokerState } from "../broker/index.ts";
import type { ApplyOptions, RevokeOptions, WaitOptions } from "../client/index.ts";
import {
  apply,
  askedById,
  askedGroup,
  askedResult,
  createRemote,
  LazyGroup,
  LazyResult,
  type Asked,
  type SenderSource,
} from "../client/front.ts";
import { LigatureError } from "../errors/index.ts";
import { runOutside, runsIn } from "../outgoing/current-request.ts";
import { Lazy } from "../peers/index.ts";
import type { Scheduler, SchedulerOptions, Schedules } from "../scheduler/index.ts";
import {
  dataOf,
  describe,
  isImmutable,
  knownTask,
  type Contract,
  type ContractRef,
  type ImmutableSignature,
} from "../signature/index.ts";
import { compileWorkerOptions, idleWorker, LazyWorker, registerHandlers } from "../worker/front.ts";
import type * as WorkerRoom from "../worker/index.ts";
import type { ContextOf, PoolOptions, RunInterceptor, Worker, WorkerOptions } from "../worker/index.ts";
import type { App, RunInterceptors } from "./app.ts";
import type { AppParts } from "./app-parts.ts";
import { appScheduler } from "./app-scheduler.ts";
import { BrokerStates } from "./broker-states.ts";
import { AppStore } from "./app-store.ts";
import { notOpened, type AppHealth } from "./app-health.ts";
import { compileAppOptions, type AppOptions, type CompiledAppOptions } from "./app-options.ts";
import { launch } from "./launch.ts";
import { refOf } from "./ref-of.ts";

// What `import "ligature"` doesn't load: the broker, the backend and all that sends comes when an app is made, workers when one is.
const appParts = new Lazy(() => import("./app-parts.ts"));
const workers = new Lazy(() => import("../worker/index.ts"));

/**
 * Creates an app. Connecting starts at once, in the background, and goes on by itself.
 * @throws LigatureError `INVALID_OPTION` for unknown or wrong options.
 */
export function createApp<const Run extends readonly RunInterceptor[] = []>(
  options: AppOptions & RunInterceptors<Run>,
): App<ContextOf<Run>> {
  // The class speaks of unknown where the interface has generics; every value passes through schemas.
  // Their types aren't compared, since the interface's are for contracts; their names are.
  const made: Readonly<Record<keyof App, unknown>> = new AppObject(compileAppOptions(options));
  const app = made as unknown as App<ContextOf<Run>>;
  launch()?.onApp(app);
  return app;
}

class AppObject {
  readonly name: string;
  readonly #options: CompiledAppOptions;
  readonly #isRpc: boolean;
  readonly #parts: Lazy<AppParts>;
  readonly #store: AppStore;
  readonly #states: BrokerStates;
  /** For stubs. */
  readonly #sender: SenderSource = {
    now: () => this.#parts.now?.client.sender,
    load: async () => (await this.#parts.load()).client.sender,
  };
  readonly #remotes = new WeakMap<ContractRef, object>();
  readonly #workers = new Set<Worker>();
  readonly #schedulers = new Set<Scheduler>();
  /** How many workers and schedulers have been started and haven't stopped. */
  #active = 0;
  #closing: Promise<void> | undefined;

  constructor(options: CompiledAppOptions) {
    const { name, log } = options;
    this.name = name;
    this.#options = options;
    const broker = brokerOpener(options.broker, { tls: options.brokerTls, auth: options.brokerAuth });
    const { kind, opener: backend } = backendOpener(options.backend);
    this.#isRpc = kind === "rpc";
    this.#store = new AppStore(options.store, { name, log });
    this.#states = new BrokerStates(log);
    const onState = (state: BrokerState): void => this.#states.enter(state);
    const [module, openBroker, openBackend] = [appParts.now, broker.now, backend.now];
    this.#parts =
      module !== undefined && openBroker !== undefined && openBackend !== undefined
        ? Lazy.of(module.openParts(options, onState, openBroker, openBackend, this.#store.openOnce))
        : new Lazy(async () => {
            const [{ openParts }, ...openers] = await Promise.all([appParts.load(), broker.load(), backend.load()]);
            return openParts(options, onState, ...openers, this.#store.openOnce);
          });
    // Whoever uses the app hears of a failure.
    this.#parts.load().catch(() => {});
  }

  readonly #countActive = (active: boolean): void => {
    this.#active += active ? 1 : -1;
  };

  /** The open connection would keep the process alive, and nobody is left who closes it. */
  readonly #closeIfIdle = async (): Promise<void> => {
    if (this.#active === 0) await this.close();
  };

  get brokerState(): BrokerState {
    return this.#states.latest;
  }

  onBrokerState(listener: (state: BrokerState) => void): () => void {
    return this.#states.listen(listener);
  }

  remote(contract: Contract): object {
    const ref = refOf(contract, "remote()");
    let remote = this.#remotes.get(ref);
    if (remote === undefined) {
      remote = createRemote(ref, this.#sender, this.#options.rpcTimeout);
      this.#remotes.set(ref, remote);
    }
    return remote;
  }

  worker(contract: Contract, handlers: unknown, options: WorkerOptions | PoolOptions = {}): Worker {
    this.#checkOpen();
    const ref = refOf(contract, "worker()");
    const registered = registerHandlers(ref, handlers);
    const compiled = compileWorkerOptions(launch()?.workerOptions(this.name, options) ?? options, this.name, handlers);
    const make = ({ createWorker }: typeof WorkerRoom, parts: AppParts): Worker => {
      const { maxPayload, defaultQueue, log, brokerIsNamed, interceptors, telemetry } = this.#options;
      return createWorker(ref, registered, compiled, {
        ...parts,
        interceptors: interceptors.run,
        telemetry,
        openOnce: this.#store.openOnce,
        log,
        maxPayload,
        defaultQueue,
        findTask: (name) => knownTask(name)?.task,
        brokerIsNamed,
        onActive: this.#countActive,
        onRunEnd: this.#closeIfIdle,
      });
    };
    const [module, opened] = [workers.now, this.#parts.now];
    const worker =
      module !== undefined && opened !== undefined
        ? make(module, opened)
        : new LazyWorker(
            idleWorker(ref, compiled),
            Promise.all([workers.load(), this.#parts.load()]).then((loaded) => make(...loaded)),
          );
    this.#workers.add(worker);
    return worker;
  }

  scheduler(schedules: Schedules = {}, options: SchedulerOptions = {}): Scheduler {
    this.#checkOpen();
    const scheduler = appScheduler(schedules, options, {
      app: this.#options,
      parts: () => this.#loaded(),
      store: this.#store,
      onActive: this.#countActive,
      onRunEnd: this.#closeIfIdle,
    });
    this.#schedulers.add(scheduler);
    return scheduler;
  }

  async send(signature: ImmutableSignature<unknown>, options: WaitOptions = {}): Promise<unknown> {
    const data = dataOf(signature, "send()");
    if (!isImmutable(data)) {
      throw new LigatureError(
        "INVALID_ARGUMENTS",
        `${describe(data)} waits for a parent's result and can't be sent on its own. Build its first step with .si(...).`,
      );
    }
    return (await this.#loaded()).client.send(data, options);
  }

  attach(task: unknown, json: unknown): unknown {
    return this.#attach(askedResult(task, json, this.#isRpc));
  }

  attachGroup(tasks: unknown, json: unknown): unknown {
    const asked = askedGroup(tasks, json, this.#isRpc);
    const parts = this.#parts.now;
    if (parts !== undefined) return parts.client.attachGroup(asked);
    return new LazyGroup(
      asked,
      this.#parts.load().then(({ client }) => client.attachGroup(asked)),
    );
  }

  result(task: unknown, id: string): unknown {
    return this.#attach(askedById(task, id, this.#isRpc));
  }

  #attach(asked: Asked): unknown {
    const parts = this.#parts.now;
    if (parts !== undefined) return parts.client.attach(asked);
    return new LazyResult(
      asked,
      this.#parts.load().then(({ client }) => client.attach(asked)),
    );
  }

  async revoke(ids: string | readonly string[], options: RevokeOptions = {}): Promise<void> {
    this.#checkOpen();
    await (await this.#loaded()).client.revoke(ids, options);
  }

  async revokeWorkflow(rootId: string, options: RevokeOptions = {}): Promise<void> {
    this.#checkOpen();
    await (await this.#loaded()).client.revokeWorkflow(rootId, options);
  }

  async sendTask(name: string, args: readonly unknown[], options: ApplyOptions<unknown> = {}): Promise<unknown> {
    const known = knownTask(name);
    if (known === undefined) {
      throw new LigatureError(
        "NOT_REGISTERED",
        `No contract package that this program has loaded declares "${name}". Import the package that does, not only its types.`,
      );
    }
    return apply(known.task, this.#sender, args, options);
  }

  get workers(): readonly Worker[] {
    return [...this.#workers];
  }

  health(): AppHealth {
    const { address, product, status } = this.#parts.now?.broker ?? notOpened(this.#options.broker);
    const served = this.workers.map((worker) => worker.health());
    const isOpen = this.#closing === undefined && status.connected && status.blocked === undefined;
    return {
      app: this.name,
      ready: isOpen && served.every(({ consuming }) => consuming),
      broker: { address, product, ...status },
      workers: served,
    };
  }

  close(): Promise<void> {
    this.#closing ??= runOutside(() => this.#close());
    const host = [...this.#workers].find((worker) => runsIn(worker instanceof LazyWorker ? worker.host : worker));
    if (host === undefined) return this.#closing;
    // It would wait for the request that waits for it. Who else waits hears of a failure to close.
    this.#closing.catch(() => {});
    return host.stop();
  }

  /** Workers first, since what they still run may send; then results, which nobody could deliver any more; last the connection. */
  async #close(): Promise<void> {
    const parts = this.#parts.now ?? (await this.#parts.load().catch(() => undefined));
    await Promise.all([...this.#workers, ...this.#schedulers].map((each) => each.stop()));
    parts?.client.close(new LigatureError("CLOSED", `The app ${this.name} was closed.`));
    await Promise.all([parts?.backend.close(), this.#store.close()]);
    await parts?.broker.close();
    parts?.forget();
  }

  /** n.b. without a turn of the event loop where all is there. */
  async #loaded(): Promise<AppParts> {
    return this.#parts.now ?? (await this.#parts.load());
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new LigatureError("CLOSED", `The app ${this.name} was closed.`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
