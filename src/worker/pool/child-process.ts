import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { deferred, onAbort, settlesWithin, type Deferred } from "../../timing/index.ts";
import { HandlerLost } from "../request/index.ts";
import type { FromChild, Job, ModuleShape, Outcome, ToChild } from "./messages.ts";
import { childArguments, childProgram, type ModuleFile } from "./module-file.ts";
import type { JobControl } from "./pool.ts";

/** Milliseconds that a child has to end in order before it is killed. */
const endTimeout = 7000;
const mebibyte = 1024 * 1024;

/**
 * One child process: its own group, so that what a handler has started ends with it. It runs one job at a time. Only its exit
 * counts as its end.
 */
export class PoolProcess {
  /** How it ended. */
  readonly exited: Promise<string>;
  readonly #process: ChildProcess;
  readonly #maxMemory: number | undefined;
  readonly #exit = deferred<string>();
  #job: { readonly control: JobControl; readonly outcome: Deferred<Outcome> } | undefined;
  #hasEnded: string | undefined;
  #onLoaded: ((shape: ModuleShape) => void) | undefined;
  #uncaught: string | undefined;
  #overMemory = "";
  #killed = false;
  #jobs = 0;
  #memory = 0;

  constructor({ url, tsx }: ModuleFile, maxMemory: number | undefined) {
    const program = fileURLToPath(childProgram("process-child"));
    this.#maxMemory = maxMemory;
    this.#process = fork(program, [url, String(maxMemory ?? 0)], {
      detached: true,
      serialization: "advanced",
      stdio: ["ignore", "inherit", "inherit", "ipc", "pipe"],
      execArgv: [
        ...childArguments(),
        ...(tsx?.loader === undefined ? [] : ["--import", tsx.loader]),
        // Else V8 lets garbage grow until the limit is met.
        ...(maxMemory === undefined ? [] : [`--max-old-space-size=${Math.floor(maxMemory / mebibyte)}`]),
      ],
    });
    this.exited = this.#exit.promise;
    this.#process.on("message", (message) => this.#onMessage(message as FromChild));
    this.#process.stdio[4]?.on("data", (chunk: Buffer) => (this.#overMemory += chunk.toString()));
    this.#process.once("error", (error) => this.#ended(error.message));
    // n.b. the pipe may still hold why.
    this.#process.once("exit", (code, signal) => {
      this.#killGroup();
      const pipe = this.#process.stdio[4];
      const said = new Promise((resolve) => (pipe?.destroyed === false ? pipe.once("close", resolve) : resolve(undefined)));
      void settlesWithin(said, 1000).then(() => this.#ended(this.#howItEnded(code, signal)));
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Handlers that it has run. */
  get jobs(): number {
    return this.#jobs;
  }

  /** Bytes that it held after its last job. */
  get memory(): number {
    return this.#memory;
  }

  /** @throws HandlerLost once the process has ended */
  async run(job: Job, control: JobControl): Promise<Outcome> {
    if (this.#hasEnded !== undefined) throw new HandlerLost(this.#hasEnded);
    const outcome = deferred<Outcome>();
    this.#job = { control, outcome };
    this.#send({ type: "job", job });
    const forget = onAbort(control.kill, () => this.kill());
    if (control.kill.aborted) this.kill();
    control.onAbort((reason) => {
      if (this.#job?.control === control) this.#send({ type: "abort", reason });
    });
    try {
      return await outcome.promise;
    } finally {
      forget();
      this.#job = undefined;
      if (job.kind === "run") this.#jobs += 1;
    }
  }

  /** Loads the module. @throws HandlerLost */
  async load(): Promise<{ readonly shape: ModuleShape } | { readonly unusable: string }> {
    let shape: ModuleShape = {};
    this.#onLoaded = (loaded) => (shape = loaded);
    const never = new AbortController().signal;
    const outcome = await this.run({ kind: "load" }, { onNotice: () => {}, onAbort: () => {}, kill: never });
    return "unusable" in outcome ? outcome : { shape };
  }

  kill(): void {
    if (this.#killed) return;
    this.#killed = true;
    this.#killGroup();
    this.#process.kill("SIGKILL");
  }

  /** In order; by force when it takes too long. */
  async end(): Promise<void> {
    this.#send({ type: "job", job: { kind: "end" } });
    if (await settlesWithin(this.exited, endTimeout)) return;
    this.kill();
    await this.exited;
  }

  #send(message: ToChild): void {
    if (this.#process.connected) this.#process.send(message, () => {});
  }

  #onMessage(message: FromChild): void {
    switch (message.type) {
      case "loaded":
        this.#onLoaded?.(message.shape);
        return;
      case "done":
        this.#memory = message.memory;
        this.#job?.outcome.resolve(message.outcome);
        return;
      case "uncaught":
        this.#uncaught = message.problem;
        return;
      default:
        this.#job?.control.onNotice(message);
    }
  }

  #killGroup(): void {
    const { pid } = this.#process;
    if (pid === undefined) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // Nobody is left in it; or there are no groups (Windows).
    }
  }

  #howItEnded(code: number | null, signal: NodeJS.Signals | null): string {
    if (this.#overMemory !== "") {
      const used = Math.round(Number(this.#overMemory) / mebibyte);
      return `Its process was killed: it held ${used} MiB, maxMemoryPerChild is ${Math.floor((this.#maxMemory ?? 0) / mebibyte)} MiB.`;
    }
    if (this.#uncaught !== undefined) return `Its process ended since nothing caught this: ${this.#uncaught}`;
    if (this.#killed) return "Its process was killed by its worker.";
    return signal === null ? `Its process ended with exit code ${code}.` : `Its process was ended by ${signal}.`;
  }

  #ended(how: string): void {
    this.#hasEnded = how;
    this.#exit.resolve(how);
    this.#job?.outcome.reject(new HandlerLost(how));
  }
}
