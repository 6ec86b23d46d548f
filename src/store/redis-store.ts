import { LigatureError } from "../errors/index.ts";
import type { Logger } from "../logging/index.ts";
import { Commands, commonOptions, outagesOf, type RedisAddress } from "../redis/index.ts";
import type { RedisStore, Script, StoreAnswer, StoreArgument } from "./store.ts";

/** Milliseconds that a close waits for what is on its way. */
const closePatience = 2000;
/** The first that repeats what a script did on its replicas, and not the script: so scripts may ask for the time, as ours do. */
const leastVersion = 5;

/** A store in Redis: one connection, and scripts that it has been sent once. */
export class ScriptingStore implements RedisStore {
  readonly kind = "redis";
  readonly #address: RedisAddress;
  readonly #commands: Commands;
  /** Settled once; undefined while nobody knows. */
  #checked: Promise<void> | undefined;

  /** @throws LigatureError `INVALID_OPTION` when a file that the URL names can't be read */
  constructor(address: RedisAddress, options: { readonly name: string; readonly log: Logger }) {
    this.#address = address;
    this.#commands = new Commands(address, commonOptions(address, options.name), outagesOf(options.log, address));
  }

  get address(): string {
    return this.#address.display;
  }

  async ready(giveUpAt?: number): Promise<void> {
    if (this.#checked !== undefined) return this.#checked;
    const version = await this.#version(giveUpAt);
    this.#checked ??=
      version === undefined || version.major >= leastVersion ? Promise.resolve() : Promise.reject(this.#tooOld(version));
    return this.#checked;
  }

  key(feature: string, id: string, part?: string): string {
    const { prefix, cluster } = this.#address;
    // n.b. a brace would end the part of the name that decides about the slot.
    const name = cluster ? `{${id.replaceAll("%", "%25").replaceAll("{", "%7B").replaceAll("}", "%7D")}}` : id;
    return `${prefix}ligature-${feature}-${name}${part === undefined ? "" : `.${part}`}`;
  }

  async run(script: Script, keys: readonly string[], args: readonly StoreArgument[], giveUpAt?: number): Promise<StoreAnswer> {
    if (this.#checked === undefined) await this.ready(giveUpAt);
    await this.#checked;
    const rest = [...keys, ...(args as (string | number | Buffer)[])];
    return this.#commands.run(async (redis) => {
      try {
        return (await redis.evalsha(script.sha, keys.length, ...rest)) as StoreAnswer;
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
        return (await redis.eval(script.lua, keys.length, ...rest)) as StoreAnswer;
      }
    }, giveUpAt);
  }

  close(): Promise<void> {
    return this.#commands.close(closePatience);
  }

  /** Undefined where Redis doesn't say: a user may be refused the question. */
  async #version(giveUpAt: number | undefined): Promise<{ readonly text: string; readonly major: number } | undefined> {
    let info: string;
    try {
      info = await this.#commands.run((redis) => redis.info("server"), giveUpAt);
    } catch (error) {
      if (error instanceof LigatureError && error.code === "REFUSED") return undefined;
      throw error;
    }
    const [, text, major] = /^redis_version:((\d+)[\w.-]*)/m.exec(info) ?? [];
    return text === undefined ? undefined : { text, major: Number(major) };
  }

  #tooOld({ text }: { readonly text: string }): LigatureError {
    return new LigatureError(
      "STORE_MISSING",
      `Redis at ${this.address} is version ${text}, and a store needs ${leastVersion}.0 or newer: upgrade it, or give createApp() another one as store.`,
      { details: { option: "store", version: text } },
    );
  }
}
