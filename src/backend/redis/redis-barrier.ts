import { LigatureError } from "../../errors/index.ts";
import { decodeResult, type Packed } from "../../protocol/index.ts";
import type { ChordBarrier, EndedMember, FailedMember, OpenedChord } from "../chord-barrier.ts";
import type { Commands } from "./commands.ts";
import { decodePart, encodePart, readTuple, restoredMembers, type Part } from "./group-result.ts";
import type { Keys } from "./keys.ts";

/** States that end a chord (celery.states, PROPAGATE_STATES). */
const failures: ReadonlySet<string> = new Set(["FAILURE", "REVOKED"]);

/** A member that hasn't succeeded, found while the results are put together. */
class FailedPart {
  readonly member: FailedMember;
  readonly error: Packed;

  constructor(member: FailedMember, error: Packed) {
    this.member = member;
    this.error = error;
  }
}

/**
 * Chords by Celery's own keys (celery.backends.redis, `on_chord_part_return`): each member adds its result to a sorted set, and
 * who makes it complete sends the body. Members may be Celery's and ours, mixed. What Celery doesn't do:
 *
 * - A member that is run again replaces its former result, so the count stays right.
 * - Who ends the chord claims it first. Its request is acknowledged after that, so if it dies meanwhile it comes again, and goes on.
 * - A failure ends the chord at once. Celery's workers leave that to the last member, and ours may be that.
 */
export class RedisBarrier implements ChordBarrier {
  readonly #commands: Commands;
  readonly #keys: Keys;
  readonly #seconds: number;

  constructor(commands: Commands, keys: Keys, seconds: number) {
    this.#commands = commands;
    this.#keys = keys;
    this.#seconds = seconds;
  }

  async open({ groupId, size }: OpenedChord, options: { readonly giveUpAt?: number | undefined } = {}): Promise<void> {
    const keys = this.#keys.chord(groupId);
    await this.#commands.run((redis) => redis.setex(keys.size, this.#seconds, size), options.giveUpAt);
  }

  async succeed(
    member: EndedMember,
    result: Packed,
    join: (results: readonly Packed[]) => Promise<void>,
    failed: (culprit: FailedMember, error: Packed) => Promise<void>,
  ): Promise<void> {
    const keys = this.#keysOf(member.groupId);
    const place = Number.isFinite(member.index) ? member.index : "+inf";
    const entry = encodePart(member.taskId, "SUCCESS", result.json);
    const annotations = result.meta === undefined || result.meta === null ? "" : JSON.stringify(result.meta);
    const complete = await this.#commands.run((redis) =>
      redis.ligatureSucceed(...keys, member.taskId, place, entry, annotations, this.#seconds, sized(member)),
    );
    if (complete === null) return;
    const [size, entries, pairs] = complete;
    const parts = entries.map((each) => decodePart(each, mapOf(pairs)));
    // A Celery worker's member that was run again with another result is there twice, so one may still be missing.
    const distinct = new Map(parts.map((part) => [part.taskId, part]));
    if (distinct.size < size) {
      await this.#commands.run((redis) => redis.del(this.#keys.chord(member.groupId).claim));
      return;
    }
    const results = await this.#resultsOf(member.groupId, [...distinct.values()]);
    if (results instanceof FailedPart) {
      await failed(results.member, results.error);
      await this.#commands.run((redis) => redis.ligatureFailed(...keys, this.#seconds));
      return;
    }
    await join(results);
    await this.#commands.run((redis) => redis.del(...keys));
  }

  async fail(member: EndedMember, _error: Packed, fail: () => Promise<void>): Promise<void> {
    const keys = this.#keysOf(member.groupId);
    const claimed = await this.#commands.run((redis) => redis.ligatureFail(...keys, member.taskId, this.#seconds, sized(member)));
    if (claimed !== 1) return;
    await fail();
    await this.#commands.run((redis) => redis.ligatureFailed(...keys, this.#seconds));
  }

  /** In the order of the scripts. */
  #keysOf(groupId: string): string[] {
    const { size, extra, parts, meta, claim } = this.#keys.chord(groupId);
    return [size, extra, parts, meta, claim];
  }

  /** Celery saves what a header consists of when it holds groups: the body gets lists of their results then. */
  async #resultsOf(groupId: string, parts: readonly Part[]): Promise<readonly Packed[] | FailedPart> {
    for (const [index, { taskId, state, result }] of parts.entries()) {
      if (failures.has(state)) return new FailedPart({ index, taskId }, result);
    }
    const saved = await this.#commands.run((redis) => redis.get(this.#keys.group(groupId)));
    if (saved === null) return parts.map(({ result }) => result);
    const known = new Map(parts.map(({ taskId, result }) => [taskId, result]));
    const results: Packed[] = [];
    for (const [index, tuple] of restoredMembers(saved).entries()) {
      const result = await this.#resultOf(tuple, index, known);
      if (result instanceof FailedPart) return result;
      results.push(result);
    }
    return results;
  }

  async #resultOf(tuple: unknown, index: number, known: ReadonlyMap<string, Packed>): Promise<Packed | FailedPart> {
    const read = readTuple(tuple);
    if (typeof read === "string") return known.get(read) ?? this.#storedResult(read, index);
    const list: unknown[] = [];
    for (const each of read) {
      const result = await this.#resultOf(each, index, known);
      if (result instanceof FailedPart) return result;
      // Without annotations: a header with groups in it was sent by Celery.
      list.push(result.json);
    }
    return { json: list };
  }

  /** The result of a task that isn't a part itself: of a chord in a header, say. */
  async #storedResult(taskId: string, index: number): Promise<Packed | FailedPart> {
    const json = await this.#commands.run((redis) => redis.getBuffer(this.#keys.task(taskId)));
    if (json === null) {
      throw new LigatureError("UNREADABLE", `Redis has no result of ${taskId}, a member of a chord's header that has ended.`);
    }
    const { status, result, ligature } = decodeResult({ body: json, properties: { contentType: "application/json" } });
    if (failures.has(status)) return new FailedPart({ index, taskId }, { json: result });
    return { json: result, ...(ligature !== undefined && { meta: ligature.meta }) };
  }
}

function sized({ size }: EndedMember): number {
  return size === undefined ? 0 : 1;
}

function mapOf(pairs: readonly string[]): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (let at = 0; at + 1 < pairs.length; at += 2) map.set(pairs[at] as string, pairs[at + 1] as string);
  return map;
}
