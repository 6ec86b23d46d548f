import { LigatureError } from "../../errors/index.ts";
import { decodeResult, type Packed } from "../../protocol/index.ts";
import type { Culprit } from "../chord-barrier.ts";
import { readTuple, restoredMembers, type PartEntry } from "./saved-group.ts";
import type { Keys } from "./keys.ts";
import type { ResultClient } from "./script-commands.ts";

/** States that end a chord (celery.states, PROPAGATE_STATES). */
const failures: ReadonlySet<string> = new Set(["FAILURE", "REVOKED"]);

type Run = <T>(work: (redis: ResultClient) => Promise<T>) => Promise<T>;

/** A member that hasn't succeeded, found while the results are put together. */
export class FailedPart {
  readonly member: Culprit;
  readonly error: Packed;

  constructor(member: Culprit, error: Packed) {
    this.member = member;
    this.error = error;
  }
}

/**
 * What a chord's body gets. Celery saves what a header consists of when it holds groups: then it gets lists of their results.
 * @param parts of all members, in the header's order
 */
export async function headerResults(
  groupId: string,
  parts: readonly PartEntry[],
  keys: Keys,
  run: Run,
): Promise<readonly Packed[] | FailedPart> {
  for (const [index, { taskId, state, result }] of parts.entries()) {
    if (failures.has(state)) return new FailedPart({ index, taskId }, result);
  }
  const saved = await run((redis) => redis.get(keys.group(groupId)));
  if (saved === null) return parts.map(({ result }) => result);
  const known = new Map(parts.map(({ taskId, result }) => [taskId, result]));
  const find = async (taskId: string, index: number): Promise<Packed | FailedPart> =>
    known.get(taskId) ?? storedResult(taskId, index, keys, run);
  const results: Packed[] = [];
  for (const [index, tuple] of restoredMembers(saved).entries()) {
    const result = await resultOf(tuple, index, find);
    if (result instanceof FailedPart) return result;
    results.push(result);
  }
  return results;
}

async function resultOf(
  tuple: unknown,
  index: number,
  find: (taskId: string, index: number) => Promise<Packed | FailedPart>,
): Promise<Packed | FailedPart> {
  const read = readTuple(tuple);
  if (typeof read === "string") return find(read, index);
  const list: unknown[] = [];
  for (const each of read) {
    const result = await resultOf(each, index, find);
    if (result instanceof FailedPart) return result;
    // Without annotations: a header with groups in it was sent by Celery.
    list.push(result.json);
  }
  return { json: list, foreign: true };
}

/** The result of a task that isn't a part itself: of a chord in a header, say. */
async function storedResult(taskId: string, index: number, keys: Keys, run: Run): Promise<Packed | FailedPart> {
  const json = await run((redis) => redis.getBuffer(keys.task(taskId)));
  if (json === null) {
    throw new LigatureError("UNREADABLE", `Redis has no result of ${taskId}, a member of a chord's header that has ended.`);
  }
  const { status, result, ligature } = decodeResult({ body: json, properties: { contentType: "application/json" } });
  if (failures.has(status)) return new FailedPart({ index, taskId }, { json: result });
  const { fingerprint, meta } = ligature ?? {};
  return { json: result, ...(meta !== undefined && { meta }), ...(fingerprint === undefined && { foreign: true }) };
}
