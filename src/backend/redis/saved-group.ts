import { LigatureError } from "../../errors/index.ts";
import { parseExactJson, stringify, type Packed } from "../../protocol/index.ts";

/** Celery's JSON of a group's result (celery.backends.base, `_save_group`; celery.result, `as_tuple`). */
export function savedGroup(id: string, members: readonly unknown[]): string {
  return JSON.stringify({ result: [[id, null], members] });
}

/** @throws LigatureError `UNREADABLE` */
export function restoredMembers(saved: string): readonly unknown[] {
  let members: unknown;
  try {
    const { result } = JSON.parse(saved) as { readonly result?: unknown };
    members = Array.isArray(result) ? result[1] : undefined;
  } catch (error) {
    throw new LigatureError("UNREADABLE", "What Redis keeps of a group is no JSON.", { cause: error });
  }
  if (!Array.isArray(members)) throw new LigatureError("UNREADABLE", "What Redis keeps of a group isn't a group's result.");
  return members;
}

/** The id of a task's result tuple `[[id, parent], null]`, or the tuples of a group's `[[id, parent], [tuples]]`. */
export function readTuple(tuple: unknown): string | readonly unknown[] {
  const [head, members] = Array.isArray(tuple) ? (tuple as unknown[]) : [];
  if (Array.isArray(members)) return members;
  const id: unknown = Array.isArray(head) ? head[0] : head;
  if (typeof id === "string") return id;
  throw new LigatureError("UNREADABLE", "What Redis keeps of a group has a member that is no result.");
}

/** A member's entry in a chord's sorted set: `[1, id, state, result]` (celery.backends.redis, `on_chord_part_return`). */
export interface PartEntry {
  readonly taskId: string;
  readonly state: string;
  readonly result: Packed;
}

export function encodePartEntry(taskId: string, state: string, json: unknown): string {
  return stringify([1, taskId, state, json ?? null], `The result of task ${taskId}`);
}

/**
 * @param annotations superjson's, by task id
 * @throws LigatureError `UNREADABLE`
 */
export function decodePartEntry(entry: string, annotations: ReadonlyMap<string, string>): PartEntry {
  let read: unknown;
  try {
    read = parseExactJson(entry, "The entry");
  } catch {
    // Below.
  }
  const [, taskId, state, json] = Array.isArray(read) ? (read as unknown[]) : [];
  if (typeof taskId !== "string" || typeof state !== "string") {
    throw new LigatureError("UNREADABLE", "Redis keeps something among a chord's results that is none.");
  }
  const meta = annotations.get(taskId);
  // Celery's form doesn't say who wrote it.
  const result = meta === undefined ? { foreign: true as const } : { meta: JSON.parse(meta) as unknown };
  return { taskId, state, result: { json: json ?? null, ...result } };
}
