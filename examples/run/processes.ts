import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { serviceNames, type ServiceName, type ServiceSettings } from "./arguments.ts";
import { Failure } from "./failure.ts";
import type { RunningServices } from "./services.ts";

const main = fileURLToPath(new URL("../main.js", import.meta.url));
/** When none of the services takes requests by then, the broker can't be used. */
const brokerTimeout = 30_000;
/** When some do, the others have work of their own to do first: a database to set up. */
const startTimeout = 120_000;
/** How long a service may take to finish what it is doing; longer than its own limit for that. */
const stopTimeout = 10_000;
/** A service that ends by itself is started again, this often. */
const maxRestarts = 5;

export interface ProcessOptions {
  /** Services log warnings and errors only. */
  readonly quiet: boolean;
  /** A line that a service printed, or what became of its process. */
  readonly onLine: (name: ServiceName, line: string) => void;
  /** A service is gone for good. */
  readonly onLost: (reason: unknown) => void;
}

/**
 * Each service as a process of its own, as `service <name>` starts it by hand.
 * @throws Failure when they are not ready in time
 */
export async function startProcesses(settings: ServiceSettings, options: ProcessOptions): Promise<RunningServices> {
  const services = serviceNames.map((name) => new ServiceProcess(name, settings, options));
  const close = async (): Promise<void> => {
    await Promise.all(services.map((service) => service.stop()));
  };
  try {
    const starts = services.map((service) => service.start());
    await within(brokerTimeout, Promise.race(starts), () => {
      const seconds = brokerTimeout / 1000;
      return new Failure(
        `RabbitMQ at ${withoutPassword(settings.broker)} could not be used within ${seconds} s; no service is ready.`,
      );
    });
    await within(startTimeout, Promise.all(starts), () => {
      const late = services.filter((service) => !service.isReady).map((service) => service.name);
      return new Failure(`Not ready after ${startTimeout / 1000} s: ${late.join(", ")}.`);
    });
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
}

class ServiceProcess {
  readonly name: ServiceName;
  readonly #args: readonly string[];
  readonly #options: ProcessOptions;
  #child: ChildProcess | undefined;
  #stopping = false;
  #restarts = 0;
  isReady = false;

  constructor(name: ServiceName, settings: ServiceSettings, options: ProcessOptions) {
    this.name = name;
    this.#options = options;
    const { broker, backend, data, bytesPerSecond } = settings;
    const rate = bytesPerSecond === undefined ? [] : ["--read-rate", String(bytesPerSecond / 1e6)];
    const results = backend === undefined ? [] : ["--backend", backend];
    const quiet = options.quiet ? ["--quiet"] : [];
    this.#args = [main, "service", name, "--broker", broker, ...results, "--data", data, ...rate, ...quiet];
  }

  /** Resolves when the service takes requests; rejects when it ends before that. */
  start(): Promise<void> {
    const child = spawn(process.execPath, this.#args, {
      // The channel tells us when it is ready, and tells it when we are gone.
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      // Not in our process group: on Ctrl-C the terminal signals the whole group, but services are stopped by us, in turn.
      detached: true,
    });
    this.#child = child;
    if (child.pid !== undefined) this.#say(`process ${child.pid}`);
    for (const stream of [child.stdout, child.stderr]) this.#forward(stream);
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("message", () => {
        this.isReady = true;
        resolve();
      });
      child.once("exit", (code, signal) => {
        const how = `ended ${signal === null ? `with code ${code}` : `by ${signal}`}`;
        if (this.#stopping) return resolve();
        if (!this.isReady) return reject(new Failure(`The ${this.name} service ${how} before it was ready.`));
        this.#restart(how);
      });
    });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGTERM");
    const timeout = new AbortController();
    await Promise.race([
      exited,
      sleep(stopTimeout, undefined, { signal: timeout.signal }).then(
        () => child.kill("SIGKILL"),
        () => {},
      ),
    ]);
    timeout.abort();
    await exited;
  }

  #restart(how: string): void {
    this.isReady = false;
    this.#restarts += 1;
    if (this.#restarts > maxRestarts) {
      this.#options.onLost(new Failure(`The ${this.name} service ${how} for the ${this.#restarts}th time.`));
      return;
    }
    this.#say(`${how}; starting it again`);
    this.start().catch(this.#options.onLost);
  }

  #forward(stream: Readable | null): void {
    if (stream === null) return;
    createInterface({ input: stream }).on("line", (line) => this.#say(line));
  }

  #say(line: string): void {
    this.#options.onLine(this.name, line);
  }
}

async function within<T>(milliseconds: number, work: Promise<T>, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), milliseconds);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function withoutPassword(broker: string): string {
  const url = new URL(broker);
  url.username = "";
  url.password = "";
  url.search = "";
  return url.href;
}
