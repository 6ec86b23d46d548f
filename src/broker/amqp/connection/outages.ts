import type { Logger } from "../../../logging/index.ts";
import type { BrokerAddress } from "./address.ts";

/** Milliseconds between two log lines of one outage. */
const quiet = 30_000;

/** Trying again soon can't help: somebody has to change the URL, or the broker's users. */
const refusedLogin = /ACCESS[_-]REFUSED|NOT[_-]ALLOWED/;
/** All that amqplib tells of a broker that closes the connection in place of opening the virtual host. */
const refusedVirtualHost = /^Expected ConnectionOpenOk; got <ConnectionClose/;

/**
 * Whether the broker can be reached, told once for all connections to it: one line when the first of them
 * fails, one every half minute while it lasts, one when all are back.
 */
export class Outages {
  readonly #log: Logger;
  readonly #address: BrokerAddress;
  /** The connections that are down. */
  readonly #down = new Set<object>();
  /** Epoch milliseconds; of the present outage. */
  #since = 0;
  #reason = "";
  #loggedAt = 0;

  constructor(log: Logger, address: BrokerAddress) {
    this.#log = log;
    this.#address = address;
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
    const text = `RabbitMQ at ${this.#address.display} can't be reached: ${reason}; retrying`;
    if (permanent) this.#log.error({}, text);
    else this.#log.warn({}, text);
    return permanent;
  }

  connected(connection: object, product: string): void {
    if (!this.#down.delete(connection) || this.#down.size > 0) return;
    const seconds = Math.round((Date.now() - this.#since) / 1000);
    this.#log.info({ outageSeconds: seconds }, `connected again to ${product} at ${this.#address.display}`);
  }

  /** A connection that is wanted no longer. */
  closed(connection: object): void {
    this.#down.delete(connection);
  }

  /** For errors, in a sentence's form; undefined while no connection is known to have failed. */
  describe(): string | undefined {
    if (this.#down.size === 0) return undefined;
    const seconds = Math.max(1, Math.round((Date.now() - this.#since) / 1000));
    return `RabbitMQ at ${this.#address.display} has been out of reach for ${seconds} s: ${this.#reason}`;
  }

  #explain(error: Error): { readonly reason: string; readonly permanent: boolean } {
    const text = textOf(error);
    if (refusedVirtualHost.test(text)) {
      const name = JSON.stringify(this.#address.virtualHost);
      return { reason: `it has no virtual host ${name}, or this user may not use it`, permanent: true };
    }
    if (refusedLogin.test(text)) {
      return { reason: `it refused the login, check user name and password in the broker's URL (${text})`, permanent: true };
    }
    return { reason: text, permanent: false };
  }
}

/** Node's error for a host with several addresses has no text of its own, but one for each of them. */
function textOf(error: Error): string {
  if (error.message !== "") return error.message;
  const parts = error instanceof AggregateError ? error.errors.map(String) : [];
  return parts.length > 0 ? parts.join(", ") : ((error as NodeJS.ErrnoException).code ?? error.name);
}
