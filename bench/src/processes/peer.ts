import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Commands, Order, Reply } from "./serve.ts";

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The parent's side of a child process that serves commands. */
export class Peer<C extends Commands> {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #orders = 0;
  #end: string | undefined;

  /** @param program beside this file, without its extension */
  constructor(program: string, args: readonly string[], execArgv: readonly string[] = []) {
    const file = fileURLToPath(new URL(`./${program}.js`, import.meta.url));
    this.#child = fork(file, args, { execArgv: [...execArgv] });
    this.#child.on("message", (reply: Reply) => this.#onReply(reply));
    this.#child.once("exit", (code, signal) => {
      this.#end = `The process ${[program, ...args].join(" ")} has ended (${signal ?? `exit code ${String(code)}`}).`;
      for (const { reject } of this.#waiting.values()) reject(new Error(this.#end));
    });
  }

  ask<Name extends keyof C & string>(command: Name, ...parameters: Parameters<C[Name]>): Promise<Awaited<ReturnType<C[Name]>>> {
    return new Promise<unknown>((resolve, reject) => {
      if (this.#end !== undefined) throw new Error(this.#end);
      const id = ++this.#orders;
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, command, parameters } satisfies Order);
    }) as Promise<Awaited<ReturnType<C[Name]>>>;
  }

  /** Lets the child go and waits for its end. */
  async end(): Promise<void> {
    if (this.#end !== undefined) return;
    const gone = once(this.#child, "exit");
    this.#child.disconnect();
    await gone;
  }

  #onReply({ id, result, error }: Reply): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(`In the child process: ${error}`));
  }
}
