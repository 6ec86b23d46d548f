import type { ChildProcess } from "node:child_process";
import { patience } from "./patience.ts";
import { forkTypescript } from "./typescript-process.ts";

/** What a caller tells; see attach-caller.ts. */
export interface Told {
  readonly sent?: string;
  readonly attached?: string;
  readonly progress?: number;
  readonly value?: string;
  readonly error?: string;
}

/** A caller in a process of its own. */
export class CallerProcess {
  readonly #child: ChildProcess;
  readonly #told: Told[] = [];
  readonly #exited: Promise<void>;
  #read = 0;
  #wake: () => void = () => {};
  #output = "";

  constructor(args: readonly string[]) {
    this.#child = forkTypescript("attach-caller", args, { stdio: ["pipe", "pipe", "pipe", "ipc"] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#output += text;
      });
    }
    this.#child.on("message", (message) => {
      this.#told.push(message as Told);
      this.#wake();
    });
    this.#exited = new Promise((resolve) => {
      this.#child.once("exit", () => resolve());
    });
  }

  /** The next thing that it tells. */
  async next(): Promise<Told> {
    await this.#within("something that it tells", async () => {
      while (this.#told.length <= this.#read) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    });
    this.#read += 1;
    return this.#told[this.#read - 1] as Told;
  }

  /** As a crash of its machine would. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#within("its end", () => this.#exited);
  }

  /** Closes its app, and so ends it. */
  async close(): Promise<void> {
    this.#child.send("close");
    await this.#within("its end", () => this.#exited);
  }

  async #within(what: string, work: () => Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => reject(new Error(`${patience} ms went by without ${what}. It printed: ${this.#output}`)),
        patience,
      );
    });
    try {
      await Promise.race([work(), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
