import type { ChildResult } from "./async-result.ts";

/** Celery nests groups in groups only so far as somebody writes them; what is received may nest as deep as JSON goes. */
const deepest = 20;

/** Celery's result tuples (celery.result, `as_tuple`): `[[id, parent], null]` of a task, `[[id, parent], [members]]` of a group. */
export function childrenOf(tuples: readonly unknown[], depth = 0): readonly ChildResult[] {
  return tuples.flatMap((tuple) => childOf(tuple, depth) ?? []);
}

function childOf(tuple: unknown, depth: number): ChildResult | undefined {
  if (!Array.isArray(tuple) || depth > deepest) return undefined;
  const [head, members]: readonly unknown[] = tuple;
  const id: unknown = Array.isArray(head) ? head[0] : head;
  if (typeof id !== "string") return undefined;
  return Array.isArray(members) ? { id, members: childrenOf(members, depth + 1) } : { id };
}
