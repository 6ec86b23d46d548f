import { randomUUID } from "node:crypto";
import { persist } from "../../broker/index.ts";
import { LigatureError } from "../../errors/index.ts";
import type { Logger } from "../../logging/index.ts";
import { parseExactJson, stringify, type ChordMember, type OutgoingChord, type Packed } from "../../protocol/index.ts";
import { pause } from "../../timing/index.ts";
import type { ChordBarrier, Culprit } from "../chord-barrier.ts";
import type { ClaimAnswer, ResultClient, ResultCommands } from "./script-commands.ts";
import { decodePartEntry, encodePartEntry } from "./saved-group.ts";
import { FailedPart, headerResults } from "./header-results.ts";
import type { Keys } from "./keys.ts";

/** Milliseconds that a claim of another run of the same request is respected: that run may be alive, or was killed. */
const patience = 5000;
const lookAgain = 200;

/** Who ends a chord, and how far it got: `incomplete` when a member counted twice, so that one is still missing. */
type Outcome = "joined" | "failed" | "incomplete";

/**
 * Chords by Celery's own keys (celery.backends.redis, `on_chord_part_return`): each member adds its result to a sorted set, and
 * who makes it complete sends the body. Members may be Celery's and ours, mixed. What Celery doesn't do:
 *
 * - A member that is run again doesn't count twice.
 * - Who ends the chord claims it first. Its request is acknowledged after that, so if its process dies the request comes again,
 *   takes its own claim over, and goes on. A body may so be sent twice, under one id.
 * - A failure ends the chord at once. Celery's workers leave that to the last member, and ours may be that.
 */
export class RedisBarrier implements ChordBarrier {
  readonly #commands: ResultCommands;
  readonly #keys: Keys;
  readonly #seconds: number;
  readonly #log: Logger;

  constructor(options: {
    readonly commands: ResultCommands;
    readonly keys: Keys;
    readonly seconds: number;
    readonly log: Logger;
  }) {
    this.#commands = options.commands;
    this.#keys = options.keys;
    this.#seconds = options.seconds;
    this.#log = options.log;
  }

  async open({ groupId, size }: OutgoingChord, options: { readonly giveUpAt?: number | undefined } = {}): Promise<void> {
    const key = this.#keys.chord(groupId).size;
    const open = (redis: ResultClient): Promise<unknown> => redis.setex(key, this.#seconds, size);
    await (options.giveUpAt === undefined ? this.#run(open) : this.#commands.run(open, options.giveUpAt));
  }

  async succeed(
    member: ChordMember,
    result: Packed,
    join: (results: readonly Packed[]) => Promise<void>,
    failed: (culprit: Culprit, error: Packed) => Promise<void>,
  ): Promise<void> {
    check(member);
    const { groupId, taskId, index } = member;
    const place = Number.isFinite(index) ? index : "+inf";
    const entry = encodePartEntry(taskId, "SUCCESS", result.json);
    const annotations = result.meta === undefined || result.meta === null ? "" : JSON.stringify(result.meta);
    const claim: ClaimCommand = (redis, keys, token, force) =>
      redis.ligatureSucceed(...keys, taskId, place, entry, annotations, this.#seconds, sized(member), token, force);
    await this.#end(groupId, claim, async (ending) => {
      if (ending[0] === "fail") {
        await persist(() => failed({ index, taskId }, parseExactJson(ending[1], "The error of a chord") as Packed), this.#log);
        return "failed";
      }
      const [, size, entries, pairs] = ending;
      const parts = entries.map((each) => decodePartEntry(each, mapOf(pairs)));
      // A Celery worker's member that was run again with another result is there twice, so one may still be missing.
      const distinct = [...new Map(parts.map((part) => [part.taskId, part])).values()];
      if (distinct.length < size) return "incomplete";
      const results = await headerResults(groupId, distinct, this.#keys, (work) => this.#run(work));
      if (results instanceof FailedPart) {
        await persist(() => failed(results.member, results.error), this.#log);
        return "failed";
      }
      await persist(() => join(results), this.#log);
      return "joined";
    });
  }

  async fail(member: ChordMember, error: Packed, fail: () => Promise<void>): Promise<void> {
    check(member);
    const { groupId, taskId } = member;
    const claim: ClaimCommand = (redis, keys, token, force) =>
      redis.ligatureFail(...keys, taskId, stringify(error, "The error of a chord"), this.#seconds, sized(member), token, force);
    await this.#end(groupId, claim, async () => {
      await persist(fail, this.#log);
      return "failed";
    });
  }

  /** Ends the chord, if that is for this member to do, and cleans up. */
  async #end(groupId: string, claim: ClaimCommand, act: (ending: ToDo) => Promise<Outcome>): Promise<void> {
    const { size, extra, parts, meta, claim: claimKey } = this.#keys.chord(groupId);
    const keys = [size, extra, parts, meta, claimKey];
    const token = randomUUID();
    const ending = await this.#claim(keys, claim, token);
    if (ending === null) return;
    let ended: Outcome;
    try {
      ended = await act(ending);
    } catch (error) {
      // If that fails, too, the claim is taken over after a while.
      await this.#commands.run((redis) => redis.ligatureRelease(...keys, token), Date.now() + patience).catch(() => {});
      throw error;
    }
    if (ended === "joined") await this.#run((redis) => redis.del(...keys));
    else if (ended === "failed") await this.#run((redis) => redis.ligatureFailed(...keys, this.#seconds));
    else await this.#run((redis) => redis.ligatureRelease(...keys, token));
  }

  async #claim(keys: readonly string[], claim: ClaimCommand, token: string): Promise<ToDo | null> {
    const takeOverAt = Date.now() + patience;
    for (;;) {
      const ending = await this.#run((redis) => claim(redis, keys, token, Date.now() >= takeOverAt ? 1 : 0));
      if (ending === null || ending[0] !== "held") return ending;
      await pause(lookAgain);
    }
  }

  #run<T>(work: (redis: ResultClient) => Promise<T>): Promise<T> {
    return persist(() => this.#commands.run(work), this.#log);
  }
}

/** What there is to do for who has the claim. */
type ToDo = Exclude<ClaimAnswer, readonly ["held"]>;
type ClaimCommand = (redis: ResultClient, keys: readonly string[], token: string, force: number) => Promise<ClaimAnswer | null>;

/** @throws LigatureError `UNREADABLE` */
function check({ groupId, index, size }: ChordMember): void {
  const unknown = index === Number.POSITIVE_INFINITY;
  const isPlace = unknown || (Number.isSafeInteger(index) && index >= 0);
  if (isPlace && (size === undefined || (Number.isSafeInteger(size) && size > 0 && (unknown || index < size)))) return;
  throw new LigatureError(
    "UNREADABLE",
    `A member of the chord ${groupId} says that it is number ${index} of ${size ?? "unknown"}, which can't be.`,
  );
}

function sized({ size }: ChordMember): number {
  return size === undefined ? 0 : 1;
}

function mapOf(pairs: readonly string[]): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (let at = 0; at + 1 < pairs.length; at += 2) map.set(pairs[at] as string, pairs[at + 1] as string);
  return map;
}
