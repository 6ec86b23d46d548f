import type { ChannelModel, ConfirmChannel, Message as ReturnedMessage } from "amqplib";
import type { LigatureError } from "../../../errors/index.ts";
import { after, deferred, type Deadlines, type Deferred } from "../../../timing/index.ts";
import { closeQuietly, type Connection, isClosing, openConfirmChannel, refusalIn } from "../connection/index.ts";
import type { QueueSpec } from "../../../contract/index.ts";
import { entryQueue } from "../../broker.ts";
import { EntryWindow } from "./entry-window.ts";
import { findReturned, type PendingPublish } from "./pending-publish.ts";
import type { Obstacles } from "./obstacles.ts";
import { blame, refused, suspected, tooLarge, unroutable, unwritable } from "./publish-errors.ts";
import type { Topology } from "../declare/index.ts";
import { writeMessage } from "../codec/index.ts";

/**
 * Frames that may wait in amqplib for the socket. What is handed to it counts as sent and can't be withdrawn;
 * the rest waits here.
 */
const writeAhead = 256;

/** Milliseconds until a channel that couldn't be opened on a good connection is tried again. */
const reopenDelay = 1000;

/** After so many connections closed for a breach of the protocol, a message that was on all of them isn't sent again. */
const maxSuspicions = 3;
/** AMQP 0-9-1 §1.1: codes from here on are a client's mistakes, or the server's own; below, somebody closed the connection. */
const firstBreach = 500;

/**
 * Publishes, and keeps what isn't confirmed. It is in one of these states:
 *
 *   offline  there is no channel that may be written on.  Publishes wait.  attach(), then resume() ─▶ online
 *   online   publishes are written as they come; their confirms are awaited together.
 *            the channel closes ─▶ offline, and all that was written on it waits again, in order
 *   held     online, but the socket is full or RabbitMQ has blocked publishers.  Publishes wait.
 *            drained, unblocked ─▶ online
 */
export class Publisher {
  readonly #connection: () => Connection;
  readonly #topology: Topology;
  readonly #obstacles: Obstacles;
  readonly #deadlines: Deadlines;
  /** Every unsettled publish, in order. */
  readonly #pending = new Set<PendingPublish>();
  /** Those to be written next, in order; settled ones are skipped when their turn comes. */
  #waiting: PendingPublish[] = [];
  /** How many wait for a declaration. As long as any do, later ones queue up behind them. */
  #preparing = 0;
  #published = 0;
  #channel: ConfirmChannel | undefined;
  /** The connection on which a channel was asked for last. */
  #model: ChannelModel | undefined;
  /** Whether the channel may be written on. */
  #online = false;
  #full = false;
  /** What was unconfirmed on the latest channel when it closed. */
  #cutOff: readonly PendingPublish[] = [];
  /** The broker's own limit for a body, once it has been met. */
  #maxBody = Number.POSITIVE_INFINITY;
  /** By the names of the entries. */
  readonly #windows = new Map<string, EntryWindow<PendingPublish>>();
  /** Resolves when nothing is pending. */
  #idle: Deferred<void> | undefined;

  constructor(options: {
    readonly connection: () => Connection;
    readonly topology: Topology;
    readonly obstacles: Obstacles;
    readonly deadlines: Deadlines;
  }) {
    this.#obstacles = options.obstacles;
    this.#connection = options.connection;
    this.#topology = options.topology;
    this.#deadlines = options.deadlines;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** From now on only so many publishes to its entry are unconfirmed at a time that this stays near its limit. */
  know({ name, maxLength }: QueueSpec): void {
    if (maxLength !== undefined && !this.#windows.has(entryQueue(name))) {
      this.#windows.set(entryQueue(name), new EntryWindow(name, maxLength));
    }
  }

  add(publish: PendingPublish): void {
    publish.order = ++this.#published;
    this.#pending.add(publish);
    this.#deadlines.add(publish, publish.giveUpAt);
    publish.window = this.#windows.size === 0 ? undefined : this.#windowOf(publish);
    if (publish.window === undefined || publish.window.enter(publish)) this.#begin(publish);
    else publish.state = "queued";
  }

  #windowOf({ route }: PendingPublish): EntryWindow<PendingPublish> | undefined {
    return route.exchange === "" ? this.#windows.get(route.routingKey) : undefined;
  }

  #begin(publish: PendingPublish): void {
    publish.state = "waiting";
    if (this.#canWrite() && this.#waiting.length === 0 && this.#isPrepared(publish)) {
      this.#write(publish);
    } else {
      this.#waiting.push(publish);
      this.#pump();
    }
  }

  /** Gives one up. */
  withdraw(publish: PendingPublish, error: LigatureError): void {
    this.#settle(publish, error);
  }

  /** Opens a channel on a connection. */
  async attach(model: ChannelModel): Promise<void> {
    this.#model = model;
    const channel = await openConfirmChannel(model, writeAhead, (error) => this.#onClosed(channel, model, error));
    // Meanwhile another connection took over.
    if (this.#model !== model) return closeQuietly(channel);
    channel.on("return", (message) => this.#onReturn(message));
    channel.on("drain", () => {
      this.#full = false;
      this.#pump();
    });
    this.#channel = channel;
    this.#cutOff = [];
  }

  resume(): void {
    this.#online = true;
    this.#full = false;
    this.#pump();
    this.#obstacles.enter({ state: "ready" });
  }

  /** The connection has gone, by this error if it wasn't on purpose. */
  detach(error: Error | undefined): void {
    this.#obstacles.enter({ state: "connecting", ...(error !== undefined && { reason: error.message }) });
    const breach = refusalIn(error);
    if (breach !== undefined && breach.code >= firstBreach) {
      for (const publish of this.#cutOff) {
        publish.suspicions += 1;
        if (publish.suspicions >= maxSuspicions) this.#settle(publish, suspected(publish, breach.reason));
      }
    }
    this.#requeue();
  }

  /** RabbitMQ is low on memory or disk; undefined when it no longer is. */
  block(reason: string | undefined): void {
    this.#obstacles.enter(reason === undefined ? { state: "ready" } : { state: "blocked", reason });
    this.#pump();
  }

  /** Resolves when everything is settled. */
  async drained(): Promise<void> {
    if (this.#pending.size === 0) return;
    this.#idle ??= deferred();
    await this.#idle.promise;
  }

  /** Gives up whatever is left. */
  abandon(error: (publish: PendingPublish) => LigatureError): void {
    for (const publish of [...this.#pending]) this.#settle(publish, error(publish));
  }

  #canWrite(): boolean {
    return this.#online && !this.#full && this.#obstacles.blocked === undefined;
  }

  #isPrepared({ route }: PendingPublish): boolean {
    const { requires } = route;
    if (requires.length === 0) return true;
    return this.#preparing === 0 && requires.every((declaration) => this.#topology.holds(declaration));
  }

  #pump(): void {
    while (this.#canWrite()) {
      const publish = this.#waiting.shift();
      if (publish === undefined) return;
      if (publish.state !== "waiting") continue;
      if (this.#isPrepared(publish)) this.#write(publish);
      else void this.#prepare(publish);
    }
  }

  async #prepare(publish: PendingPublish): Promise<void> {
    publish.state = "preparing";
    this.#preparing += 1;
    try {
      await Promise.all(publish.route.requires.map((declaration) => this.#topology.ensure(declaration, publish.giveUpAt)));
    } catch (error) {
      this.#settle(publish, error as LigatureError);
    }
    this.#preparing -= 1;
    if (publish.state !== "preparing") return;
    publish.state = "waiting";
    // What was declared may be gone again with its connection; then it is prepared once more.
    if (
      this.#canWrite() &&
      this.#isFirst(publish) &&
      publish.route.requires.every((declaration) => this.#topology.holds(declaration))
    ) {
      this.#write(publish);
      return;
    }
    let index = this.#waiting.length;
    while (index > 0 && (this.#waiting[index - 1] as PendingPublish).order > publish.order) index -= 1;
    this.#waiting.splice(index, 0, publish);
    this.#pump();
  }

  #isFirst(publish: PendingPublish): boolean {
    const first = this.#waiting[0];
    return first === undefined || first.order > publish.order;
  }

  #write(publish: PendingPublish): void {
    const channel = this.#channel as ConfirmChannel;
    if (publish.body.length > this.#maxBody)
      return this.#settle(publish, tooLarge(publish.message, this.#maxBody, "RabbitMQ's limit"));
    try {
      const more = writeMessage(channel, publish.writable, publish.body, (error) => {
        // The channel's end, too, is told to every publish on it; that is dealt with as a whole.
        if (channel === this.#channel)
          this.#settle(publish, error === null ? undefined : (publish.window?.full() ?? refused(publish)));
      });
      publish.state = "written";
      publish.everWritten = true;
      if (!more) this.#full = true;
    } catch (error) {
      if (isClosing(error)) {
        // The channel is closing, which its `close` event will tell.
        this.#online = false;
      } else {
        this.#settle(publish, unwritable(publish, error));
      }
    }
  }

  /** n.b. a return comes before the confirm of the same message, which then finds it settled. */
  #onReturn(message: ReturnedMessage): void {
    const publish = findReturned(this.#pending, message);
    if (publish === undefined) return;
    this.#topology.forgetQueue(publish.message.routingKey);
    for (const declaration of publish.route.requires) this.#topology.forget(declaration);
    this.#settle(publish, unroutable(publish));
  }

  #onClosed(channel: ConfirmChannel, model: ChannelModel, error: Error | undefined): void {
    if (channel !== this.#channel) return;
    this.#cutOff = [...this.#pending].filter(({ state }) => state === "written");
    const refusal = refusalIn(error);
    if (refusal !== undefined) {
      this.#topology.forgetAll();
      const { guilty, maxBody } = blame(refusal, this.#cutOff);
      for (const [publish, reason] of guilty) this.#settle(publish, reason);
      if (maxBody !== undefined) this.#maxBody = maxBody;
    }
    this.#requeue();
    // When it is the connection that closes, it says so before this runs, and a new one attaches.
    queueMicrotask(() => void this.#reopen(model));
  }

  async #reopen(model: ChannelModel): Promise<void> {
    if (this.#connection().model !== model) return;
    try {
      await this.attach(model);
      if (this.#connection().model === model) this.resume();
    } catch {
      after(reopenDelay, () => void this.#reopen(model));
    }
  }

  #requeue(): void {
    this.#channel = undefined;
    this.#online = false;
    this.#full = false;
    this.#waiting = [];
    for (const publish of this.#pending) {
      if (publish.state === "preparing" || publish.state === "queued") continue;
      publish.state = "waiting";
      this.#waiting.push(publish);
    }
  }

  #settle(publish: PendingPublish, error: LigatureError | undefined): void {
    if (publish.state === "settled") return;
    publish.state = "settled";
    const next = publish.window?.leave(publish);
    this.#pending.delete(publish);
    // While RabbitMQ is away nobody's turn comes, and those that were given up would pile up.
    if (this.#waiting.length > 2 * this.#pending.size + 100)
      this.#waiting = this.#waiting.filter(({ state }) => state === "waiting");
    this.#deadlines.remove(publish, publish.giveUpAt);
    publish.outcome.settled?.();
    if (error === undefined) publish.outcome.resolve();
    else publish.outcome.reject(error);
    if (this.#pending.size === 0) this.#idle?.resolve();
    if (next !== undefined) this.#begin(next);
  }
}
