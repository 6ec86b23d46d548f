import type { Channel, ChannelModel, ConsumeMessage } from "amqplib";
import { LigatureError } from "../../../errors/index.ts";
import type { Logger } from "../../../logging/index.ts";
import { after, deferred, settlesWithin, type Deferred } from "../../../timing/index.ts";
import type { Consumer } from "../../broker.ts";
import {
  answered,
  type ChannelRefusal,
  closeQuietly,
  type Connection,
  openChannel,
  refusalIn,
  unlessLost,
} from "../connection/index.ts";

const firstPause = 100;
const longestPause = 5000;
/** Milliseconds that a cancellation waits for an attempt that is under way. */
const openingTimeout = 1000;
/** Milliseconds between two log lines about one consumer that can't be set up. */
const quiet = 30_000;

/** Why a consumer that RabbitMQ didn't cancel gets a new channel. */
const renewals = {
  deaf: "RabbitMQ has messages for it and sends none",
  idle: "nothing came for long",
} as const;

/** What is consumed, and how. */
export interface ConsumptionSource {
  /** For logs: `queue "images"`. */
  readonly what: string;
  /** A new channel: whatever belongs to the one before is over. */
  onChannel(channel: Channel): void;
  /** Starts consuming on the channel; resolves with the consumer's tag. */
  consume(channel: Channel, onMessage: (message: ConsumeMessage | null) => void): Promise<string>;
  onMessage(message: ConsumeMessage, channel: Channel): void;
  /**
   * While it consumes: calls back when the broker has messages for this consumer and doesn't send them, and when nobody can
   * know since none has come for long.
   * @returns ends that
   */
  watch?(onDeaf: (why: "deaf" | "idle") => void): () => void;
  /** Resolves when nothing is unsettled on a channel that consumes no more. */
  settled(channel: Channel): Promise<void>;
  /** The broker ended the consumer, which most often means that its queue was deleted; somebody may have declared it again. */
  onCancelledByBroker?(): void;
  /** Before its messages stop: nothing that is settled may wait any longer. */
  onCancelling(): void;
  /** Before the channel is closed on purpose. */
  onClosing(): Promise<void>;
  onChannelEnd(channel: Channel): void;
  /**
   * The broker refused to let it consume. Mends that, if it can; what it throws ends a consumption that never
   * ran yet, as that is its caller's mistake.
   */
  mend(refusal: ChannelRefusal): Promise<void>;
}

/**
 * A consumer that is there again by itself, with a channel of its own. It is in one of these states:
 *
 *   waiting    for a connection, or for a moment after a failure: 100 ms to 5 s.  ─▶ opening
 *   opening    a channel, and the consumer on it.  ─▶ consuming; refused, or the connection is lost ─▶ waiting
 *   consuming  messages arrive.  its channel or connection closes ─▶ waiting
 *              the broker cancels it (queue deleted, or a message held too long) ─▶ opening, on the same channel,
 *              whose other unsettled messages can still be settled
 *              it may be deaf: messages wait and none arrives, or it has long been idle ─▶ opening, on a new channel;
 *              the other stays open for what is unsettled on it
 *   cancelled  by cancel(): nothing arrives, the channel stays open for what is unsettled.  close() ─▶ closed
 *   closed     for good.
 */
export class Consumption implements Consumer {
  readonly #connection: Connection;
  readonly #source: ConsumptionSource;
  readonly #log: Logger;
  readonly #onClosed: (consumption: Consumption) => void;
  readonly #started = deferred<void>();
  #hasRun = false;
  #ended = false;
  /** Set when cancel() resolves. What comes all the same, from a broker that didn't answer it, goes back in the end. */
  #cancelled = false;
  #channel: Channel | undefined;
  /** The connection that it belongs to. */
  #model: ChannelModel | undefined;
  /** Channels that consume no more, with messages that are unsettled. */
  readonly #retired = new Set<Channel>();
  /** Resolves when the present consumer has stopped, with the reason. */
  #stopped: Deferred<string> | undefined;
  /** The attempt that is under way. */
  #opening: Promise<string> | undefined;
  #tag: string | undefined;
  /** Cuts a pause short. */
  #wake: (() => void) | undefined;
  #failures = 0;
  /** Epoch milliseconds. */
  #consumingSince = 0;
  #loggedAt = 0;
  /** Whether an interruption was logged whose end wasn't. */
  #interrupted = false;
  #cancelling: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(connection: Connection, source: ConsumptionSource, log: Logger, onClosed: (consumption: Consumption) => void) {
    this.#connection = connection;
    this.#source = source;
    this.#log = log;
    this.#onClosed = onClosed;
    this.#started.promise.catch(() => {});
    void this.#run();
  }

  /** Resolves when it consumes for the first time. */
  started(): Promise<void> {
    return this.#started.promise;
  }

  get active(): boolean {
    return this.#tag !== undefined && !this.#ended;
  }

  cancel(): Promise<void> {
    this.#cancelling ??= this.#cancel();
    return this.#cancelling;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #run(): Promise<void> {
    try {
      while (!this.#ended) {
        const model = await this.#connection.connected();
        const reason = await this.#attempt(model);
        if (this.#ended) break;
        if (reason === renewals.idle) continue;
        await this.#report(reason, model);
      }
      throw new LigatureError("CLOSED", `The consumer of ${this.#source.what} has been closed.`);
    } catch (error) {
      this.#ended = true;
      this.#started.reject(error);
      if (!this.#hasRun) this.#onClosed(this);
    }
  }

  /** One life of the consumer. Resolves with the reason of its end; rejects when there is to be no other. */
  async #attempt(model: ChannelModel): Promise<unknown> {
    if (this.#ended) return undefined;
    const stopped = deferred<string>();
    this.#stopped = stopped;
    let tag: string;
    try {
      this.#opening = unlessLost(model, this.#open(model, stopped)).then((opened) => {
        this.#tag = opened;
        return opened;
      });
      tag = await this.#opening;
    } catch (error) {
      const refusal = refusalIn(error);
      if (refusal !== undefined) await this.#mend(refusal);
      else this.#dropChannel();
      return error;
    } finally {
      this.#opening = undefined;
    }
    this.#onConsuming();
    const unwatch = this.#source.watch?.((why) => stopped.resolve(renewals[why]));
    const reason = await stopped.promise;
    unwatch?.();
    if (reason === renewals.deaf || reason === renewals.idle) await this.#retire(tag);
    this.#tag = undefined;
    return reason;
  }

  async #open(model: ChannelModel, stopped: Deferred<string>): Promise<string> {
    if (this.#channel !== undefined && this.#model !== model) this.#dropChannel();
    if (this.#channel === undefined) {
      const channel = await openChannel(model, (error) => this.#onChannelEnd(channel, error));
      this.#channel = channel;
      this.#model = model;
      this.#source.onChannel(channel);
    }
    const channel = this.#channel;
    return this.#source.consume(channel, (message) => {
      if (message === null) {
        this.#source.onCancelledByBroker?.();
        stopped.resolve("RabbitMQ cancelled it");
      } else if (!this.#cancelled) this.#source.onMessage(message, channel);
    });
  }

  #onConsuming(): void {
    if (this.#interrupted) this.#log.info({}, `consuming ${this.#source.what} again`);
    this.#interrupted = false;
    this.#consumingSince = Date.now();
    this.#hasRun = true;
    this.#started.resolve();
  }

  #onChannelEnd(channel: Channel, error: Error | undefined): void {
    if (this.#retired.delete(channel)) this.#source.onChannelEnd(channel);
    if (channel !== this.#channel) return;
    this.#channel = undefined;
    this.#source.onChannelEnd(channel);
    this.#stopped?.resolve(refusalIn(error)?.reason ?? "");
  }

  /** The next attempt gets a channel of its own; this one stays until all that came on it is settled. */
  async #retire(tag: string): Promise<void> {
    const channel = this.#channel;
    if (channel === undefined) return;
    this.#channel = undefined;
    this.#retired.add(channel);
    await answered(channel, channel.cancel(tag));
    void this.#source.settled(channel).then(() => closeQuietly(channel));
  }

  /** Nothing can be expected of it any more; what is unsettled on it goes back to its queue. */
  #dropChannel(): void {
    const channel = this.#channel;
    if (channel === undefined) return;
    this.#onChannelEnd(channel, undefined);
    closeQuietly(channel);
  }

  async #mend(refusal: ChannelRefusal): Promise<void> {
    try {
      await this.#source.mend(refusal);
    } catch (error) {
      if (!this.#hasRun) throw error;
    }
  }

  /** Logs, and pauses. A lost connection is told by itself, and waited for. */
  async #report(reason: unknown, model: ChannelModel): Promise<void> {
    if (this.#connection.model !== model) return;
    const now = Date.now();
    if (now - this.#loggedAt >= quiet) {
      this.#loggedAt = now;
      this.#interrupted = true;
      const text = refusalIn(reason)?.reason ?? (reason instanceof Error ? reason.message : String(reason));
      this.#log.warn({ reason: text, ...adviceFor(text) }, `${this.#source.what} is not being consumed for now; trying again`);
    }
    // A consumer that is thrown out as soon as it is in has failed, too.
    if (this.#consumingSince > 0 && now - this.#consumingSince >= quiet) this.#failures = 0;
    this.#consumingSince = 0;
    const pause = Math.min(longestPause, firstPause * 2 ** this.#failures);
    this.#failures += 1;
    await new Promise<void>((resolve) => {
      const timer = after(pause, resolve);
      this.#wake = () => {
        timer.cancel();
        resolve();
      };
    });
  }

  async #cancel(): Promise<void> {
    this.#ended = true;
    this.#wake?.();
    this.#source.onCancelling();
    // An attempt that is under way is waited for: amqplib can't cancel a consumer that it doesn't know yet.
    // Not for longer than that makes sense: on a connection that died it may never settle.
    if (this.#opening !== undefined) await settlesWithin(this.#opening, openingTimeout);
    const tag = this.#tag;
    const channel = this.#channel;
    if (tag !== undefined && channel !== undefined) await answered(channel, channel.cancel(tag));
    this.#cancelled = true;
    this.#stopped?.resolve("cancelled");
  }

  async #close(): Promise<void> {
    await this.cancel();
    const channels = [...this.#retired, ...(this.#channel === undefined ? [] : [this.#channel])];
    if (channels.length > 0) await this.#source.onClosing();
    await Promise.all(channels.map((channel) => answered(channel, channel.close())));
    this.#onClosed(this);
  }
}

/** What an operator can do about a reason of RabbitMQ. */
function adviceFor(reason: string): { readonly advice?: string } {
  if (!reason.includes("acknowledgement") || !reason.includes("timed out")) return {};
  return {
    advice:
      "a task ran longer than RabbitMQ's consumer_timeout, so its message and all others of this consumer went back to the queue; raise consumer_timeout above the longest time limit",
  };
}
