import type { Logger } from "../../logging/index.ts";

/** Milliseconds between two log lines of one outage. */
const quiet = 30_000;

/** Trying again soon can't help: somebody has to change the URL, or Redis's users. */
const refused = /^(WRONGPASS|NOAUTH|NOPERM|ERR invalid password|ERR Client sent AUTH|ERR DB index|ERR AUTH)/;

/**
 * Whether Redis can be reached, told once for all connections to it: one line when the first of them fails, one
 * every half minute while it lasts, one when all are back.
 */
export class Outages {
  readonly #log: Logger;
  readonly #display: string;
  /** The connections that are down. */
  readonly #down = new Set<object>();
  /** Epoch milliseconds; of the present outage. */
  #since = 0;
  #reason = "";
  #loggedAt = 0;

  constructor(log: Logger, display: string) {
    this.#log = log;
    this.#display = display;
  }

  failed(connection: object, error: Error): void {
    if (this.#down.size === 0) {
      this.#since = Date.now();
      this.#loggedAt = 0;
    }
    this.#down.add(connection);
    const permanent = isRefusal(error);
    this.#reason = permanent ? `it refused the login, check the backend's URL (${textOf(error)})` : textOf(error);
    if (Date.now() - this.#loggedAt < quiet) return;
    this.#loggedAt = Date.now();
    const text = `Redis at ${this.#display} can't be reached: ${this.#reason}; retrying`;
    if (permanent) this.#log.error({}, text);
    else this.#log.warn({}, text);
  }

  connected(connection: object): void {
    if (!this.#down.delete(connection) || this.#down.size > 0) return;
    const seconds = Math.round((Date.now() - this.#since) / 1000);
    this.#log.info({ outageSeconds: seconds }, `connected again to Redis at ${this.#display}`);
  }

  /** For errors, in a sentence's form. */
  describe(): string {
    if (this.#down.size === 0) return `Redis at ${this.#display} has not answered`;
    const seconds = Math.max(1, Math.round((Date.now() - this.#since) / 1000));
    return `Redis at ${this.#display} has been out of reach for ${seconds} s: ${this.#reason}`;
  }
}

/** Whether only a person can mend it. */
export function isRefusal(error: Error): boolean {
  return refused.test(error.message);
}

/** Node's error for a host with several addresses, and ioredis's for a cluster, have causes in place of a text. */
function textOf(error: Error): string {
  const last = (error as { readonly lastNodeError?: unknown }).lastNodeError;
  if (last instanceof Error) return `${error.message} (${textOf(last)})`;
  if (error.message !== "") return error.message;
  const parts = error instanceof AggregateError ? error.errors.map(String) : [];
  return parts.length > 0 ? parts.join(", ") : ((error as NodeJS.ErrnoException).code ?? error.name);
}
