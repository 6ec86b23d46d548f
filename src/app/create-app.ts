import { openBackend, type ResultBackend } from "../backend/index.ts";
import { openBroker, type Broker } from "../broker/index.ts";
import { createClient, type ApplyOptions, type Client, type RevokeOptions, type WaitOptions } from "../client/index.ts";
import { LigatureError } from "../errors/index.ts";
import { Publisher, RevocationLog, runOutside, runsIn } from "../outgoing/index.ts";
import {
  dataOf,
  describe,
  isImmutable,
  knownTask,
  type Contract,
  type ContractRef,
  type ImmutableSignature,
} from "../signature/index.ts";
import { createWorker, type Worker, type WorkerOptions } from "../worker/index.ts";
import type { App } from "./app.ts";
import { AppStore } from "./app-store.ts";
import { compileAppOptions, type AppOptions, type CompiledAppOptions } from "./app-options.ts";

/**
 * Creates an app. Connecting starts at once, in the background, and goes on by itself.
 * @throws LigatureError `INVALID_OPTION` for unknown or wrong options.
 */
export function createApp(options: AppOptions): App {
  // The class speaks of unknown where the interface has generics; every value passes through schemas.
  return new AppObject(compileAppOptions(options)) as unknown as App;
}

class AppObject {
  readonly name: string;
  readonly #options: CompiledAppOptions;
  readonly #broker: Broker;
  readonly #backend: ResultBackend;
  readonly #store: AppStore;
  readonly #publisher: Publisher;
  readonly #revocationLog: RevocationLog;
  readonly #client: Client;
  readonly #remotes = new WeakMap<ContractRef, object>();
  readonly #workers = new Set<Worker>();
  /** How many of them have been started and haven't stopped. */
  #active = 0;
  #closing: Promise<void> | undefined;

  constructor(options: CompiledAppOptions) {
    const { name, log, rpcTimeout, publishTimeout, maxPayload, maxPending, maxUnconfirmed, resultExpires, chordExpires } =
      options;
    this.name = name;
    this.#options = options;
    this.#broker = openBroker(options.broker, {
      name,
      log,
      publishTimeout,
      maxPayload,
      maxUnconfirmed,
      tls: options.brokerTls,
      auth: options.brokerAuth,
      retryRefused: options.retryRefused,
    });
    try {
      this.#backend = openBackend(options.backend, { name, broker: this.#broker, log, resultExpires, chordExpires });
    } catch (error) {
      // It connects already, and would go on as long as the process lives.
      void this.#broker.close();
      throw error;
    }
    this.#store = new AppStore(options.store, { name, log });
    this.#publisher = new Publisher({ broker: this.#broker, chords: this.#backend.chords, log, maxUnconfirmed });
    this.#revocationLog = new RevocationLog(this.#broker, log);
    this.#client = createClient({
      broker: this.#broker,
      backend: this.#backend,
      publisher: this.#publisher,
      revocationLog: this.#revocationLog,
      rpcTimeout,
      publishTimeout,
      resultExpires,
      maxPending,
    });
  }

  remote(contract: Contract): object {
    const ref = refOf(contract, "remote()");
    let remote = this.#remotes.get(ref);
    if (remote === undefined) {
      remote = this.#client.remote(ref);
      this.#remotes.set(ref, remote);
    }
    return remote;
  }

  worker(contract: Contract, handlers: unknown, options: WorkerOptions = {}): Worker {
    this.#checkOpen();
    const { maxPayload, defaultQueue, log, brokerIsNamed } = this.#options;
    const worker = createWorker(refOf(contract, "worker()"), handlers, options, {
      app: this.name,
      broker: this.#broker,
      backend: this.#backend,
      publisher: this.#publisher,
      revocationLog: this.#revocationLog,
      log,
      maxPayload,
      defaultQueue,
      findTask: (name) => knownTask(name)?.task,
      brokerIsNamed,
      onActive: (active) => {
        this.#active += active ? 1 : -1;
      },
      // The open connection would keep the process alive, and nobody is left who closes it.
      onRunEnd: async () => {
        if (this.#active === 0) await this.close();
      },
    });
    this.#workers.add(worker);
    return worker;
  }

  async send(signature: ImmutableSignature<unknown>, options: WaitOptions = {}): Promise<unknown> {
    const data = dataOf(signature, "send()");
    if (!isImmutable(data)) {
      throw new LigatureError(
        "INVALID_ARGUMENTS",
        `${describe(data)} waits for a parent's result and can't be sent on its own. Build its first step with .si(...).`,
      );
    }
    return this.#client.send(data, options);
  }

  attach(task: unknown, json: unknown): unknown {
    return this.#client.attach(task, json);
  }

  attachGroup(tasks: unknown, json: unknown): unknown {
    return this.#client.attachGroup(tasks, json);
  }

  result(task: unknown, id: string): unknown {
    return this.#client.result(task, id);
  }

  async revoke(ids: string | readonly string[], options: RevokeOptions = {}): Promise<void> {
    this.#checkOpen();
    await this.#client.revoke(ids, options);
  }

  async sendTask(name: string, args: readonly unknown[], options: ApplyOptions<unknown> = {}): Promise<unknown> {
    const known = knownTask(name);
    if (known === undefined) {
      throw new LigatureError(
        "NOT_REGISTERED",
        `No contract package that this program has loaded declares "${name}". Import the package that does, not only its types.`,
      );
    }
    return this.#client.apply(known.task, args, options);
  }

  close(): Promise<void> {
    this.#closing ??= runOutside(() => this.#close());
    const host = [...this.#workers].find((worker) => runsIn(worker));
    if (host === undefined) return this.#closing;
    // It would wait for the request that waits for it. Who else waits hears of a failure to close.
    this.#closing.catch(() => {});
    return host.stop();
  }

  /** Workers first, since what they still run may send; then results, which nobody could deliver any more; last the connection. */
  async #close(): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker.stop()));
    this.#client.close(new LigatureError("CLOSED", `The app ${this.name} was closed.`));
    await Promise.all([this.#backend.close(), this.#store.close()]);
    await this.#broker.close();
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new LigatureError("CLOSED", `The app ${this.name} was closed.`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function refOf(contract: unknown, where: string): ContractRef {
  if (typeof contract === "object" && contract !== null) {
    if ("~generated" in contract) return contract["~generated"] as ContractRef;
    if ("~contract" in contract) {
      throw new LigatureError(
        "INVALID_OPTION",
        `${where} takes a generated contract: import it from the contract package itself, not from its contract.ts. Run \`ligature gen\` if it has none.`,
      );
    }
  }
  throw new LigatureError(
    "INVALID_OPTION",
    `${where} takes a generated contract, got ${contract === null ? "null" : typeof contract}.`,
  );
}
