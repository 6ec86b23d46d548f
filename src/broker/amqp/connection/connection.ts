import type { ChannelModel } from "amqplib";
import { LigatureError } from "../../../errors/index.ts";
import { reasonOf, type Outages } from "../../../logging/index.ts";
import { loadPeer } from "../../../peers/index.ts";
import { after, deferred, LoopWatch, pause, type Deferred } from "../../../timing/index.ts";
import type { BrokerAddress, BrokerNode } from "./address.ts";
import { withReason } from "./ask-reason.ts";
import { ConnectFailure } from "./explain.ts";
import { openModel, type Amqplib } from "./open-model.ts";
import { destroyConnection, heartbeatOf, tuneConnection } from "./tune-connection.ts";

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
   * handle, or the connection would be dropped and another one made.
   */
  setUp?(model: ChannelModel): Promise<void>;
  up?(model: ChannelModel): void;
  /** @param error undefined when it was closed on purpose */
  down?(error: Error | undefined): void;
  /** RabbitMQ takes nothing from publishers until `unblocked`: it is low on memory or disk. */
  blocked?(reason: string): void;
  unblocked?(): void;
  /** Nobody need wait for the connection: RabbitMQ refused the first one, for a reason that only a person can mend. */
  refused?(error: LigatureError): void;
}

export interface ConnectionOptions {
  readonly address: BrokerAddress;
  /** Shown in the broker's list of connections. */
  readonly name: string;
  readonly outages: Outages;
  /** Whether those who wait for the first connection go on waiting when it is refused. */
  readonly retryRefused: boolean;
}

/**
 * One connection to RabbitMQ that comes back by itself, to the next of the nodes. It is in one of these states:
 *
 *   connecting  from the start, and after each loss: each node in turn, the rounds 100 ms to 5 s apart, each failure told to Outages.
 *   setting up  a connection is open; `setUp` runs on it.  its loss ─▶ connecting
 *   up          `model` is set, from `up` until `down`.  its loss ─▶ connecting
 *   closed      for good.
 *
 * While it connects for the first time it may also be *refused*: it goes on connecting, but those who wait are told.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #user: ConnectionUser;
  /** Shuffled, so that many who start together don't meet at one. */
  readonly #nodes: readonly BrokerNode[];
  readonly #ending = new AbortController();
  #connected: Deferred<ChannelModel> = deferred();
  #model: ChannelModel | undefined;
  /** The connection that is being set up. */
  #new: ChannelModel | undefined;
  #product: string | undefined;
  /** Of the latest connection: the milliseconds between two heartbeats, and who notices that there could be none. */
  #heart: { readonly heartbeat: number; readonly watch: LoopWatch } | undefined;
  #hasBeenUp = false;
  #refusal: LigatureError | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: ConnectionOptions, user: ConnectionUser) {
    this.#options = options;
    this.#user = user;
    this.#nodes = shuffled(options.address.nodes);
    this.#ignoreUnawaited();
    void this.#run();
  }

  get model(): ChannelModel | undefined {
    return this.#model;
  }

  /** Of the latest connection: `RabbitMQ 3.10.8`. */
  get product(): string | undefined {
    return this.#product;
  }

  /** Set while there has been no connection, since RabbitMQ refuses it and only a person can mend that. */
  get refusal(): LigatureError | undefined {
    return this.#refusal;
  }

  /**
   * Resolves with the connection as soon as there is one.
   * @throws LigatureError `CLOSED`; `NOT_SENT` when RabbitMQ refuses the first connection; `INVALID_OPTION` when amqplib isn't installed
   */
  connected(): Promise<ChannelModel> {
    return this.#connected.promise;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending;
    let amqplib: Amqplib;
    try {
      amqplib = await loadPeer("amqplib", () => import("amqplib"));
    } catch (error) {
      // Not a matter of the network, so trying again is of no use.
      this.#reject(error);
      return;
    }
    let failures = 0;
    let refusals = 0;
    for (let turn = 0; !signal.aborted; turn += 1) {
      const node = this.#nodes[turn % this.#nodes.length] as BrokerNode;
      const lost = await this.#live(amqplib, node, () => {
        failures = 0;
        refusals = 0;
      });
      if (signal.aborted) return;
      failures += 1;
      if (this.#failed(node, lost)) refusals += 1;
      else refusals = 0;
      const round = Math.ceil(failures / this.#nodes.length);
      const allRefuse = refusals >= this.#nodes.length;
      if (allRefuse) this.#refuse(lost);
      const isBetween = failures % this.#nodes.length !== 0;
      await pause(isBetween ? firstDelay * Math.random() : delayOf(round, allRefuse), { signal });
    }
  }

  /** One connection's life. Resolves with the reason when it is over. */
  async #live(amqplib: Amqplib, node: BrokerNode, onUp: () => void): Promise<Error> {
    const { signal } = this.#ending;
    // One of its own: a signal that a socket was made with would end it at any time.
    const attempt = new AbortController();
    const giveUp = (): void => attempt.abort();
    signal.addEventListener("abort", giveUp);
    let model: ChannelModel;
    try {
      model = await openModel(amqplib, node, this.#options.name, attempt.signal);
    } catch (error) {
      return await withReason(error as Error, node, signal);
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
    // One without a listener would end the process.
    model.on("error", () => {});
    const lost = deferred<Error>();
    let isLost = false;
    model.once("close", (error?: Error) => {
      const reason = this.#explained(error ?? new Error("Connection closed"));
      isLost = true;
      lost.resolve(reason);
      if (this.#model === model) this.#lose(node, reason);
    });
    await this.#setUp(model, lost.promise);
    if (isLost) return lost.promise;
    this.#up(model, node);
    onUp();
    return lost.promise;
  }

  /** Resolves when it is ready, or lost. */
  async #setUp(model: ChannelModel, lost: Promise<Error>): Promise<void> {
    if (this.#ending.signal.aborted) destroyConnection(model);
    tuneConnection(model);
    const { product, version } = model.connection.serverProperties;
    this.#product = `${product} ${version}`;
    this.#new = model;
    try {
      // What amqplib waits for on a connection that dies may never settle.
      const gone = lost.then((error) => Promise.reject(error));
      await Promise.race([this.#user.setUp?.(model), gone]);
    } catch {
      destroyConnection(model);
      await lost;
    } finally {
      this.#new = undefined;
    }
  }

  #up(model: ChannelModel, node: BrokerNode): void {
    this.#model = model;
    this.#watch(model);
    this.#hasBeenUp = true;
    if (this.#refusal !== undefined) {
      this.#refusal = undefined;
      this.#connected = deferred();
    }
    this.#options.outages.connected(this, this.#product, node.display);
    this.#connected.resolve(model);
    model.on("blocked", (reason: string) => this.#user.blocked?.(reason));
    model.on("unblocked", () => this.#user.unblocked?.());
    this.#user.up?.(model);
  }

  /** n.b. within the connection's own event: whoever is told of a closed channel next finds no connection any more. */
  #lose(node: BrokerNode, reason: Error): void {
    this.#model = undefined;
    this.#connected = deferred();
    this.#ignoreUnawaited();
    this.#failed(node, reason);
    this.#user.down?.(reason);
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

  /** @returns whether only a person can mend it */
  #failed(node: BrokerNode, error: Error): boolean {
    if (this.#closing !== undefined) return false;
    return this.#options.outages.failed(this, new ConnectFailure(node, error));
  }

  /** Those who wait for a broker that nobody has reached yet are told that waiting is of no use. */
  #refuse(cause: Error): void {
    const { outages, retryRefused } = this.#options;
    if (retryRefused || this.#hasBeenUp || this.#closing !== undefined) return;
    const refusal = new LigatureError("NOT_SENT", `${outages.describeRefusal()}.`, { cause });
    this.#refusal = refusal;
    this.#reject(refusal);
    this.#user.refused?.(refusal);
  }

  async #close(): Promise<void> {
    const model = this.#model;
    this.#model = undefined;
    this.#reject(new LigatureError("CLOSED", "The connection to RabbitMQ has been closed."));
    this.#options.outages.closed(this);
    this.#user.down?.(undefined);
    this.#ending.abort();
    // One that is being set up would wait for an answer as long as the heartbeat lets it.
    if (this.#new !== undefined) destroyConnection(this.#new);
    if (model === undefined) return;
    // n.b. amqplib's close never settles when the connection dies before the broker agrees.
    const gone = new Promise<void>((resolve) => model.once("close", () => resolve()));
    const timer = after(closeTimeout, () => destroyConnection(model));
    await Promise.race([model.close().catch(() => gone), gone]);
    timer.cancel();
  }

  /** Who waits for a connection is told now, who asks for one later then. */
  #reject(error: unknown): void {
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

function delayOf(attempt: number, permanent: boolean): number {
  const delay = permanent ? refusedDelay : Math.min(longestDelay, firstDelay * 2 ** Math.min(attempt - 1, 10));
  // Services that lost a broker together shall not come back together.
  return delay * (0.8 + Math.random() * 0.2);
}

function shuffled<T>(items: readonly T[]): readonly T[] {
  const left = [...items];
  const order: T[] = [];
  while (left.length > 0) order.push(...left.splice(Math.floor(Math.random() * left.length), 1));
  return order;
}
