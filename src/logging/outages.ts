import type { Logger } from "./logger.ts";

/** Milliseconds between two log lines of one outage. */
const quiet = 30_000;

/** Why a connection failed. */
export interface OutageCause {
  /** For people, in a sentence's form. */
  readonly reason: string;
  /** Only a person can mend it: trying again soon is of no use. */
  readonly permanent: boolean;
}

/**
 * Whether a server can be reached, told once for all connections to it: one line when the first of them
 * fails, one every half minute while it lasts, one when all are back.
 */
export class Outages {
  readonly #log: Logger;
  readonly #server: string;
  readonly #address: string;
  readonly #explain: (error: Error) => OutageCause;
  /** The connections that are down. */
  readonly #down = new Set<object>();
  /** Epoch milliseconds; of the present outage. */
  #since = 0;
  #reason = "";
  #loggedAt = 0;

  constructor(
    log: Logger,
    options: {
      /** What it is: `RabbitMQ`. */
      readonly server: string;
      /** Without credentials. */
      readonly address: string;
      readonly explain: (error: Error) => OutageCause;
    },
  ) {
    this.#log = log;
    this.#server = options.server;
    this.#address = options.address;
    this.#explain = options.explain;
  }

  /** @returns whether only a person can mend it */
  failed(connection: object, error: Error): boolean {
    if (this.#down.size === 0) {
      this.#since = Date.now();
      this.#loggedAt = 0;
    }
    this.#down.add(connection);
    const { reason, permanent } = this.#explain(error);
    this.#reason = reason;
    if (Date.now() - this.#loggedAt < quiet) return permanent;
    this.#loggedAt = Date.now();
    const text = `${this.#server} at ${this.#address} can't be reached: ${reason}; retrying`;
    if (permanent) this.#log.error({}, text);
    else this.#log.warn({}, text);
    return permanent;
  }

  /**
   * @param product what the server says of itself: `RabbitMQ 3.10.8` @default the server's name
   * @param address the one of several that answered; without credentials
   */
  connected(connection: object, product: string = this.#server, address: string = this.#address): void {
    if (!this.#down.delete(connection) || this.#down.size > 0) return;
    const seconds = Math.round((Date.now() - this.#since) / 1000);
    this.#log.info({ outageSeconds: seconds }, `connected again to ${product} at ${address}`);
  }

  /** A connection that is wanted no longer. */
  closed(connection: object): void {
    this.#down.delete(connection);
  }

  /** For errors, in a sentence's form: why nobody need wait. */
  describeRefusal(): string {
    return `${this.#server} at ${this.#address} can't be used: ${this.#reason}`;
  }

  /**
   * For errors, in a sentence's form.
   * @param otherwise what there is to say while no connection is known to have failed: `has not answered`
   */
  describe(otherwise: string): string {
    const server = `${this.#server} at ${this.#address}`;
    if (this.#down.size === 0) return `${server} ${otherwise}`;
    const seconds = Math.max(1, Math.round((Date.now() - this.#since) / 1000));
    return `${server} has been out of reach for ${seconds} s: ${this.#reason}`;
  }
}

/** An error's text. Node's error for a host with several addresses has none of its own, but one for each of them. */
export function reasonOf(error: Error): string {
  if (error.message !== "") return error.message;
  const parts = error instanceof AggregateError ? error.errors.map(String) : [];
  return parts.length > 0 ? parts.join(", ") : ((error as NodeJS.ErrnoException).code ?? error.name);
}
