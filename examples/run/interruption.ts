/** The user, or whoever started us, wants us to stop. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** What can end a run early: a signal, or the loss of a service. The first reason counts; a second signal ends the process. */
export class Interruption {
  readonly #controller = new AbortController();
  readonly #onSignal = (): void => {
    // Services in processes of their own notice that we are gone.
    if (this.signal.aborted) process.exit(130);
    this.end(new Interrupted());
  };
  /** Whoever started us, and gave us a channel, is gone. */
  readonly #onDisconnect = (): void => this.end(new Interrupted());

  constructor() {
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, this.#onSignal);
    process.on("disconnect", this.#onDisconnect);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  end(reason: unknown): void {
    this.#controller.abort(reason);
  }

  /** The work's result, unless the end comes first. */
  async orEnd<T>(work: Promise<T>): Promise<T> {
    const { signal } = this;
    signal.throwIfAborted();
    let onAbort: (() => void) | undefined;
    const ended = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal.reason as Error);
      signal.addEventListener("abort", onAbort);
    });
    try {
      return await Promise.race([work, ended]);
    } finally {
      if (onAbort !== undefined) signal.removeEventListener("abort", onAbort);
    }
  }

  /** Signals end the process again. */
  close(): void {
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.off(name, this.#onSignal);
    process.off("disconnect", this.#onDisconnect);
  }
}
