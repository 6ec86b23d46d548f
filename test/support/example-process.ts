import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { patience } from "./patience.ts";
import { deleteQueues } from "./raw-amqp.ts";

const main = fileURLToPath(new URL("../../examples/dist/main.js", import.meta.url));

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The example system, or one service of it, in a process of its own: `node examples/dist/main.js …`. */
export class ExampleProcess {
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  readonly #listeners = new Set<() => void>();
  /** When the process is gone and all its output is here. */
  readonly exited: Promise<Exit>;

  constructor(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    // The channel is how a service says that it is ready; and with us, the process goes.
    this.#child = spawn(process.execPath, [main, ...args], {
      env: { ...process.env, DATABASE_URL: "", ...environment },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (line) => {
        this.#lines.push(line);
        this.#changed();
      });
    }
    this.exited = new Promise((resolve, reject) => {
      this.#child.once("error", reject);
      this.#child.once("close", (code, signal) => {
        resolve({ code, signal });
        this.#changed();
      });
    });
  }

  /** All that it printed, on stdout and stderr. */
  get output(): string {
    return this.#lines.join("\n");
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Resolves when a service takes requests. */
  ready(): Promise<void> {
    return this.#within("a service that is ready", (resolve) => this.#child.once("message", () => resolve()));
  }

  /** The first line that matches, printed already or yet to come. */
  line(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#within(`a line like ${String(pattern)}`, (resolve) => {
      const look = (): void => {
        for (const line of this.#lines) {
          const match = pattern.exec(line);
          if (match === null) continue;
          this.#listeners.delete(look);
          resolve(match);
          return;
        }
      };
      this.#listeners.add(look);
      look();
    });
  }

  /** Sends a signal, and resolves when the process is gone. */
  end(signal: NodeJS.Signals): Promise<Exit> {
    this.#child.kill(signal);
    return this.exited;
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /** Rejects, with all output, when it takes too long or the process ends first. */
  async #within<T>(what: string, work: (resolve: (value: T) => void) => void): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const found = new Promise<T>((resolve, reject) => {
      const fail = (why: string): void => reject(new Error(`${why}, while ${what} was waited for. It printed:\n${this.output}`));
      timer = setTimeout(() => fail(`${patience / 1000} s went by`), patience);
      void this.exited.then(({ code, signal }) => {
        // What was waited for may be in the very last line.
        setImmediate(fail, `The process ended (${signal ?? code})`);
      });
      work(resolve);
    });
    try {
      return await found;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The queues of the example's contracts, dead letters included, are emptied for the next test. */
export async function deleteExampleQueues(url: string): Promise<void> {
  const names = ["catalog", "processing", "notifications"];
  await deleteQueues(
    url,
    names.flatMap((name) => [name, `${name}.dead`]),
  );
}
