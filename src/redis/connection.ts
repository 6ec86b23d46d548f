import { LigatureError } from "../errors/index.ts";
import { Outages, reasonOf, type Logger, type OutageCause } from "../logging/index.ts";
import { deferred, pause, type Deferred } from "../timing/index.ts";
import type { RedisAddress } from "./address.ts";
import { delayOf } from "./connection-options.ts";

/** What ioredis's clients have in common, of one Redis and of a cluster. Each is one connection here, which doesn't come back. */
export interface RedisClient {
  connect(): Promise<void>;
  disconnect(): void;
  on(event: "error", listener: (error: Error) => void): unknown;
  once(event: "end", listener: () => void): unknown;
}

/** Who lives on a connection. None of these may throw. */
export interface ConnectionUser<C> {
  up?(client: C): void;
  down?(): void;
}

/**
 * A connection to Redis that comes back: every one is made anew, so nothing of a lost one is left. It is in one of these states:
 *
 *   connecting  from the start, and after each loss: attempts 100 ms to 5 s apart, each failure told to Outages.
 *   up          `client` is set, from `up` until `down`.  its loss ─▶ connecting
 *   closed      for good.
 */
export class Connection<C extends RedisClient> {
  readonly #make: (attempt: number) => Promise<C>;
  readonly #outages: Outages;
  readonly #user: ConnectionUser<C>;
  readonly #closing = new AbortController();
  #connected: Deferred<C> = deferred();
  #client: C | undefined;

  /** @param make makes a client that has not begun to connect, and that doesn't reconnect by itself */
  constructor(make: (attempt: number) => Promise<C>, outages: Outages, user: ConnectionUser<C> = {}) {
    this.#make = make;
    this.#outages = outages;
    this.#user = user;
    this.#ignoreUnawaited();
    void this.#run();
  }

  get client(): C | undefined {
    return this.#client;
  }

  /**
   * Resolves with the connection as soon as there is one.
   * @throws LigatureError `CLOSED`, and `INVALID_OPTION` when no connection can be made at all
   */
  connected(): Promise<C> {
    return this.#connected.promise;
  }

  /** Whoever waits for a connection is told, whoever asks for one later, too. What is on its way is the caller's business. */
  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    this.#end(new LigatureError("CLOSED", "The connection to Redis has been closed."));
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    for (let attempt = 1; ; attempt += 1) {
      let client: C;
      try {
        client = await this.#make(attempt);
      } catch (error) {
        // Not a matter of the network, so trying again is of no use.
        this.#end(error);
        return;
      }
      if (signal.aborted) return;
      const lost = await this.#live(client, () => {
        attempt = 0;
      });
      if (signal.aborted) return;
      const refused = this.#outages.failed(this, lost);
      await pause(delayOf(attempt + 1, refused), { signal });
      if (signal.aborted) return;
    }
  }

  /** One connection's life. Resolves with the reason when it is over. */
  async #live(client: C, onUp: () => void): Promise<Error> {
    let reason: Error | undefined;
    client.on("error", (error) => {
      reason = error;
    });
    const ended = new Promise<void>((resolve) => client.once("end", resolve));
    const stop = (): void => client.disconnect();
    this.#closing.signal.addEventListener("abort", stop);
    try {
      // n.b. a cluster's connect() (ioredis 6.0.0) settles never when the cluster says that it isn't in order.
      await Promise.race([client.connect(), ended.then(() => Promise.reject(new Error("Redis closed the connection")))]);
      onUp();
      this.#client = client;
      this.#outages.connected(this);
      this.#connected.resolve(client);
      this.#user.up?.(client);
      reason = undefined;
      await ended;
      return reason ?? new Error("Redis closed the connection");
    } catch (error) {
      client.disconnect();
      return reason ?? (error as Error);
    } finally {
      this.#closing.signal.removeEventListener("abort", stop);
      if (this.#client === client) this.#lose();
    }
  }

  #lose(): void {
    this.#client = undefined;
    this.#user.down?.();
    if (this.#closing.signal.aborted) return;
    this.#connected = deferred();
    this.#ignoreUnawaited();
  }

  #end(error: unknown): void {
    this.#connected.reject(error);
    this.#connected = deferred();
    this.#ignoreUnawaited();
    this.#connected.reject(error);
  }

  /** Nobody may be waiting for a connection when this is closed. */
  #ignoreUnawaited(): void {
    this.#connected.promise.catch(() => {});
  }
}

/** Trying again soon can't help: somebody has to change the URL, or Redis's users. */
const refusal = /^(WRONGPASS|NOAUTH|NOPERM|ERR invalid password|ERR Client sent AUTH|ERR DB index|ERR AUTH)/;

/** What all connections to one Redis tell of its outages. */
export function outagesOf(log: Logger, { display, option }: Pick<RedisAddress, "display" | "option">): Outages {
  return new Outages(log, { server: "Redis", address: display, explain: (error) => explain(error, option) });
}

function explain(error: Error, option: RedisAddress["option"]): OutageCause {
  const text = textOf(error);
  if (!refusal.test(error.message)) return { reason: text, permanent: false };
  return { reason: `it refused the login, check the ${option}'s URL (${text})`, permanent: true };
}

/** ioredis's error for a cluster has its cause beside its text. */
function textOf(error: Error): string {
  const last = (error as { readonly lastNodeError?: unknown }).lastNodeError;
  return last instanceof Error ? `${error.message} (${textOf(last)})` : reasonOf(error);
}
