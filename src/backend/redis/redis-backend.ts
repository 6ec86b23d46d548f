import { LigatureError } from "../../errors/index.ts";
import type { Outages } from "../../logging/index.ts";
import { decodeResult, encodeResult, isFinal, type StoredResult } from "../../protocol/index.ts";
import { Commands, commonOptions, outagesOf, type CommonOptions, type RedisAddress } from "../../redis/index.ts";
import { within } from "../../timing/index.ts";
import type { BackendOptions, ResultAddress, ResultBackend, Watch, ResultListener } from "../backend.ts";
import { Watchers, type Watcher } from "../watchers.ts";
import { restoredMembers, savedGroup } from "./saved-group.ts";
import { Keys } from "./keys.ts";
import { RedisBarrier } from "./redis-barrier.ts";
import { resultScripts, type ResultCommands } from "./script-commands.ts";
import { SubscribingConnection } from "./subscribing-connection.ts";
import { Subscriptions } from "./subscriptions.ts";

/** Milliseconds that a close waits for what is on its way. */
const closePatience = 2000;
/** Results on their way at a time; each is held in memory until Redis has it. */
const maxStoring = 10_000;

/**
 * Results in Redis, under Celery's keys and in Celery's JSON: each app reads what the others have written, in whichever
 * language. One connection carries commands; the other one, made by the first watch, hears of new results.
 */
export class RedisBackend implements ResultBackend {
  readonly replyTo = undefined;
  readonly chords: RedisBarrier;
  readonly #address: RedisAddress;
  readonly #options: BackendOptions;
  readonly #common: CommonOptions;
  readonly #seconds: number;
  readonly #keys: Keys;
  readonly #outages: Outages;
  readonly #commands: ResultCommands;
  readonly #watchers: Watchers;
  readonly #subscriptions: Subscriptions;
  #subscriber: SubscribingConnection | undefined;
  #closing: Promise<void> | undefined;

  /** @throws LigatureError `INVALID_OPTION` when a file that the URL names can't be read */
  constructor(address: RedisAddress, options: BackendOptions) {
    this.#address = address;
    this.#options = options;
    const { log, resultExpires, chordExpires = resultExpires } = options;
    this.#seconds = secondsOf(resultExpires);
    this.#keys = new Keys(address.prefix, address.cluster);
    this.#outages = outagesOf(options.log, address);
    this.#common = commonOptions(address, options.name);
    this.#commands = new Commands(address, this.#common, this.#outages, resultScripts);
    this.#watchers = new Watchers(options.log);
    this.#subscriptions = new Subscriptions({
      keys: this.#keys,
      watchers: this.#watchers,
      log: options.log,
      unreachable: () => this.#unreachable(),
      lookUp: (ids) => this.#lookUp(ids),
      deliver: (watcher, json) => this.#deliver(watcher, json),
    });
    this.chords = new RedisBarrier({ commands: this.#commands, keys: this.#keys, seconds: secondsOf(chordExpires), log });
  }

  async start(options: { readonly giveUpAt?: number | undefined } = {}): Promise<void> {
    this.#checkOpen();
    const ready = Promise.all([this.#commands.connected(options.giveUpAt), this.#listen().connected()]);
    await within(ready, options.giveUpAt, () => this.#unreachable());
    this.#checkOpen();
  }

  /** A result that is there already is handed on as well, after this returned. */
  watch(id: string, listener: ResultListener): Watch {
    this.#checkOpen();
    this.#listen();
    return this.#subscriptions.watch(this.#watchers.add(id, listener));
  }

  async store(result: StoredResult, { groupId, parentId }: ResultAddress): Promise<void> {
    this.#checkOpen();
    if (this.#commands.running >= maxStoring) {
      throw new LigatureError("NOT_SENT", `${maxStoring} results are on their way to Redis already; store fewer at a time.`);
    }
    const done = result.date_done ?? (isFinal(result.status) ? new Date().toISOString().replace("Z", "+00:00") : undefined);
    const more = {
      ...(done !== undefined && { date_done: done }),
      ...(groupId !== undefined && { group_id: groupId }),
      ...(parentId !== undefined && { parent_id: parentId }),
    };
    const { body } = encodeResult({ ...result, ...more }, "", undefined);
    const key = this.#keys.task(result.task_id);
    await this.#commands.run((redis) => redis.ligatureStore(key, body, this.#seconds));
  }

  async saveGroup(id: string, members: readonly unknown[]): Promise<void> {
    this.#checkOpen();
    await this.#commands.run((redis) => redis.setex(this.#keys.group(id), this.#seconds, savedGroup(id, members)));
  }

  async restoreGroup(id: string): Promise<readonly unknown[] | undefined> {
    this.#checkOpen();
    const saved = await this.#commands.run((redis) => redis.get(this.#keys.group(id)));
    return saved === null ? undefined : restoredMembers(saved);
  }

  async forget(id: string): Promise<void> {
    this.#checkOpen();
    // Two commands: in a cluster the keys are in different places.
    await this.#commands.run((redis) => Promise.all([redis.del(this.#keys.task(id)), redis.del(this.#keys.group(id))]));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#subscriptions.close();
    this.#subscriber?.close();
    await this.#commands.close(closePatience);
  }

  #listen(): SubscribingConnection {
    this.#subscriber ??= new SubscribingConnection(this.#address, {
      common: this.#common,
      outages: this.#outages,
      subscriptions: this.#subscriptions,
    });
    return this.#subscriber;
  }

  #lookUp(ids: readonly string[]): Promise<(Buffer | null)[]> {
    return this.#commands.run((redis) => Promise.all(ids.map((id) => redis.getBuffer(this.#keys.task(id)))));
  }

  #deliver(watcher: Watcher, json: Buffer): void {
    let result: StoredResult;
    try {
      result = decodeResult({ body: json, properties: { contentType: "application/json" } });
    } catch (error) {
      this.#options.log.warn({ err: error, id: watcher.id }, "A stored result can't be read; it is not handed on.");
      return;
    }
    this.#watchers.notify(watcher, result);
  }

  #unreachable(): LigatureError {
    return new LigatureError("NOT_SENT", `Nothing was sent: ${this.#outages.describe("has not answered")}.`);
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) {
      throw new LigatureError("CLOSED", "The result backend is closed, because its app was closed.");
    }
  }
}

/** Redis knows whole ones, and none that is 0. */
function secondsOf(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000));
}
