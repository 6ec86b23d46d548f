import { setTimeout as pause } from "node:timers/promises";
import { LigatureError } from "../../errors/index.ts";
import { deferred, type Deferred } from "../../timing/index.ts";
import { delayOf } from "./connection-options.ts";
import { isRefusal, type Outages } from "./outages.ts";

/** What a connection of ioredis's has, to one Redis and to a cluster alike. */
export interface Connection {
  connect(): Promise<void>;
  disconnect(): void;
  on(event: "error", listener: (error: Error) => void): unknown;
  once(event: "end", listener: () => void): unknown;
}

/** Who lives on a connection. None of these may throw. */
export interface LinkUser<C> {
  up?(connection: C): void;
  down?(): void;
}

/**
 * A connection to Redis that comes back: every one is made anew, so nothing of a lost one is left. It is in one of these states:
 *
 *   connecting  from the start, and after each loss: attempts 100 ms to 5 s apart, each failure told to Outages.
 *   up          `connection` is set, from `up` until `down`.  its loss ─▶ connecting
 *   closed      for good.
 */
export class Link<C extends Connection> {
  readonly #make: (attempt: number) => Promise<C>;
  readonly #outages: Outages;
  readonly #user: LinkUser<C>;
  readonly #closing = new AbortController();
  #connected: Deferred<C> = deferred();
  #connection: C | undefined;

  /** @param make makes a connection that has not begun to connect, and that doesn't reconnect by itself */
  constructor(make: (attempt: number) => Promise<C>, outages: Outages, user: LinkUser<C> = {}) {
    this.#make = make;
    this.#outages = outages;
    this.#user = user;
    this.#ignoreUnawaited();
    void this.#run();
  }

  get connection(): C | undefined {
    return this.#connection;
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
      let connection: C;
      try {
        connection = await this.#make(attempt);
      } catch (error) {
        // Not a matter of the network, so trying again is of no use.
        this.#end(error);
        return;
      }
      if (signal.aborted) return;
      const lost = await this.#live(connection, () => {
        attempt = 0;
      });
      if (signal.aborted) return;
      this.#outages.failed(this, lost);
      await pause(delayOf(attempt + 1, isRefusal(lost)), undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
    }
  }

  /** One connection's life. Resolves with the reason when it is over. */
  async #live(connection: C, onUp: () => void): Promise<Error> {
    let reason: Error | undefined;
    connection.on("error", (error) => {
      reason = error;
    });
    const ended = new Promise<void>((resolve) => connection.once("end", resolve));
    const stop = (): void => connection.disconnect();
    this.#closing.signal.addEventListener("abort", stop);
    try {
      // n.b. a cluster's connect() (ioredis 6.0.0) settles never when the cluster says that it isn't in order.
      await Promise.race([connection.connect(), ended.then(() => Promise.reject(new Error("Redis closed the connection")))]);
      onUp();
      this.#connection = connection;
      this.#outages.connected(this);
      this.#connected.resolve(connection);
      this.#user.up?.(connection);
      reason = undefined;
      await ended;
      return reason ?? new Error("Redis closed the connection");
    } catch (error) {
      connection.disconnect();
      return reason ?? (error as Error);
    } finally {
      this.#closing.signal.removeEventListener("abort", stop);
      if (this.#connection === connection) this.#lose();
    }
  }

  #lose(): void {
    this.#connection = undefined;
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

  /** Nobody may be waiting for a connection when the link is closed. */
  #ignoreUnawaited(): void {
    this.#connected.promise.catch(() => {});
  }
}
