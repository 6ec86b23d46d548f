import type { ChannelModel, RecoveringChannelModel } from "amqplib";
import { LigatureError } from "../../../errors/index.ts";
import { Outages, reasonOf, type Logger, type OutageCause } from "../../../logging/index.ts";
import { loadPeer } from "../../../peers/index.ts";
import { after, deferred, LoopWatch, type Deferred } from "../../../timing/index.ts";
import type { BrokerAddress } from "./address.ts";
import { destroyConnection, heartbeatOf, tuneConnection } from "./tune-connection.ts";

/** Milliseconds until an attempt to connect is given up. */
const connectTimeout = 10_000;
const firstDelay = 100;
const longestDelay = 5000;
/** When only a person can mend it, such as a wrong password. */
const refusedDelay = 15_000;
/** Milliseconds for the broker to agree to a close. */
const closeTimeout = 1000;

/** Whoever lives on a connection. None of these may throw. */
export interface ConnectionUser {
  /**
   * Makes a new connection ready. Rejects only when that connection is lost; anything else is the user's to
   * handle, or amqplib would drop the connection and make another one.
   */
  setUp?(model: ChannelModel): Promise<void>;
  up?(model: ChannelModel): void;
  /** @param error undefined when it was closed on purpose */
  down?(error: Error | undefined): void;
  /** RabbitMQ takes nothing from publishers until `unblocked`: it is low on memory or disk. */
  blocked?(reason: string): void;
  unblocked?(): void;
}

/**
 * One connection to RabbitMQ that comes back by itself, by amqplib's `recovery` option. It is in one of these states:
 *
 *   connecting  from the start, and after each loss: attempts 100 ms to 5 s apart, each failure told to Outages.
 *   setting up  a connection is open; `setUp` runs on it.  its loss ─▶ connecting
 *   up          `model` is set, from `up` until `down`.  its loss ─▶ connecting
 *   closed      for good.
 */
export class Connection {
  readonly #recovering: Promise<RecoveringChannelModel | undefined>;
  readonly #user: ConnectionUser;
  readonly #outages: Outages;
  /** Whether the latest failure was one that only a person can mend. */
  #permanent = false;
  #connected: Deferred<ChannelModel> = deferred();
  #model: ChannelModel | undefined;
  /** The connection that is being set up. */
  #new: ChannelModel | undefined;
  #product: string | undefined;
  /** Of the latest connection: the milliseconds between two heartbeats, and who notices that there could be none. */
  #heart: { readonly heartbeat: number; readonly watch: LoopWatch } | undefined;
  #closing: Promise<void> | undefined;

  constructor(address: BrokerAddress, name: string, outages: Outages, user: ConnectionUser) {
    this.#user = user;
    this.#outages = outages;
    this.#ignoreUnawaited();
    this.#recovering = this.#open(address, name);
  }

  get model(): ChannelModel | undefined {
    return this.#model;
  }

  /** Of the latest connection: `RabbitMQ 3.10.8`. */
  get product(): string | undefined {
    return this.#product;
  }

  /**
   * Resolves with the connection as soon as there is one.
   * @throws LigatureError `CLOSED`, and `INVALID_OPTION` when amqplib isn't installed
   */
  connected(): Promise<ChannelModel> {
    return this.#connected.promise;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Resolves at once, before the first attempt; with undefined when there can be none. */
  async #open(address: BrokerAddress, name: string): Promise<RecoveringChannelModel | undefined> {
    try {
      const { connect, credentials } = await loadPeer("amqplib", () => import("amqplib"));
      if (this.#closing !== undefined) return undefined;
      const recovering = await connect(address.url, {
        noDelay: true,
        keepAlive: true,
        timeout: connectTimeout,
        credentials: credentials.plain(address.username, address.password),
        clientProperties: { connection_name: name },
        recovery: {
          waitForConnect: false,
          setup: (model: ChannelModel) => this.#setUp(model),
          calculateDelay: (attempt: number) => delayOf(attempt, this.#permanent),
        },
      });
      this.#listen(recovering);
      return recovering;
    } catch (error) {
      // Not a matter of the network, so trying again is of no use.
      this.#failed(error as Error);
      this.#connected.reject(error);
      return undefined;
    }
  }

  async #setUp(model: ChannelModel): Promise<void> {
    // amqplib listens to the connection's errors only after this; one without a listener would end the process.
    model.on("error", () => {});
    let lost: Error | undefined;
    model.once("close", (error?: Error) => {
      lost = error ?? new Error("Connection closed");
    });
    tuneConnection(model);
    this.#watch(model);
    const { product, version } = model.connection.serverProperties;
    this.#product = `${product} ${version}`;
    this.#new = model;
    try {
      await this.#user.setUp?.(model);
    } finally {
      this.#new = undefined;
    }
    // n.b. amqplib 2.3.1 would not notice a loss up to here, and never connect again.
    if (lost !== undefined) throw lost;
  }

  #listen(recovering: RecoveringChannelModel): void {
    recovering.on("error", () => {});
    recovering.on("connect", (model) => {
      this.#model = model;
      this.#permanent = false;
      this.#outages.connected(this, this.#product ?? "RabbitMQ");
      this.#connected.resolve(model);
      this.#user.up?.(model);
    });
    recovering.on("connect-failed", (error) => this.#failed(error));
    recovering.on("disconnect", (error) => {
      this.#model = undefined;
      this.#connected = deferred();
      this.#ignoreUnawaited();
      this.#failed(this.#explained(error));
      this.#user.down?.(error);
    });
    recovering.on("blocked", (reason) => this.#user.blocked?.(reason));
    recovering.on("unblocked", () => this.#user.unblocked?.());
  }

  #watch(model: ChannelModel): void {
    this.#heart?.watch.stop();
    const heartbeat = heartbeatOf(model);
    this.#heart = heartbeat === 0 ? undefined : { heartbeat, watch: new LoopWatch(heartbeat / 4, 4 * heartbeat) };
  }

  /** With the reason, where that is a handler which left no time for a heartbeat: the error itself only says ECONNRESET. */
  #explained(error: Error): Error {
    if (this.#heart === undefined) return error;
    const { heartbeat, watch } = this.#heart;
    const blocked = watch.longest();
    watch.stop();
    this.#heart = undefined;
    if (blocked < heartbeat) return error;
    const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;
    return new Error(
      `${reasonOf(error)}, after this process had blocked its event loop for ${seconds(blocked)}: RabbitMQ closes a connection that is silent for ${seconds(2 * heartbeat)}, two heartbeats; compute in a worker thread, or raise heartbeat in the broker's URL`,
      { cause: error },
    );
  }

  #failed(error: Error): void {
    if (this.#closing !== undefined) return;
    this.#permanent = this.#outages.failed(this, error);
  }

  async #close(): Promise<void> {
    this.#heart?.watch.stop();
    const model = this.#model;
    this.#model = undefined;
    const closed = new LigatureError("CLOSED", "The connection to RabbitMQ has been closed.");
    // Who waits for a connection is told now, who asks for one later then.
    this.#connected.reject(closed);
    this.#connected = deferred();
    this.#ignoreUnawaited();
    this.#connected.reject(closed);
    this.#outages.closed(this);
    this.#user.down?.(undefined);
    const recovering = await this.#recovering;
    if (recovering === undefined) return;
    const closing = recovering.close();
    // One that is being set up would wait for an answer as long as the heartbeat lets it.
    if (this.#new !== undefined) destroyConnection(this.#new);
    if (model === undefined) return closing;
    // n.b. amqplib's close never settles when the connection dies before the broker agrees.
    const gone = new Promise<void>((resolve) => model.once("close", () => resolve()));
    const timer = after(closeTimeout, () => destroyConnection(model));
    await Promise.race([closing, gone]);
    timer.cancel();
  }

  /** Nobody may be waiting for a connection when this is closed. */
  #ignoreUnawaited(): void {
    this.#connected.promise.catch(() => {});
  }
}

function delayOf(attempt: number, permanent: boolean): number {
  const delay = permanent ? refusedDelay : Math.min(longestDelay, firstDelay * 2 ** (attempt - 1));
  // Services that lost a broker together shall not come back together.
  return delay * (0.8 + Math.random() * 0.2);
}

/** Trying again soon can't help: somebody has to change the URL, or the broker's users. */
const refusedLogin = /ACCESS[_-]REFUSED|NOT[_-]ALLOWED/;
/** All that amqplib tells of a broker that closes the connection in place of opening the virtual host. */
const refusedVirtualHost = /^Expected ConnectionOpenOk; got <ConnectionClose/;

/** What all connections to one broker tell of its outages. */
export function outagesOf(log: Logger, address: BrokerAddress): Outages {
  const explain = (error: Error): OutageCause => explainTo(address, error);
  return new Outages(log, { server: "RabbitMQ", address: address.display, explain });
}

function explainTo({ virtualHost }: BrokerAddress, error: Error): OutageCause {
  const text = reasonOf(error);
  if (refusedVirtualHost.test(text)) {
    return {
      reason: `it has no virtual host ${JSON.stringify(virtualHost)}, or this user may not use it`,
      permanent: true,
    };
  }
  if (refusedLogin.test(text)) {
    return { reason: `it refused the login, check user name and password in the broker's URL (${text})`, permanent: true };
  }
  return { reason: text, permanent: false };
}
