import type { SchemaLike } from "../contract/index.ts";
import type { TaskRef } from "../signature/index.ts";
import type { TaskMessage } from "./task-message.ts";

/** A value as plain JSON, with superjson's annotations where JSON alone would lose something. */
export interface Packed {
  readonly json: unknown;
  readonly meta?: unknown;
}
/** Splits a value; `plain` (known by codegen) skips superjson. @throws LigatureError `UNREADABLE` for functions, cycles, … */
export function packValue(value: unknown, plain: boolean): Packed {
  throw new Error(String([value, plain]));
}
/** Restores a value: by `meta` where there is one, else guided by the schema (Python sends no meta). Not validated. */
export function unpackValue(packed: Packed, schema: SchemaLike | undefined, plain: boolean): unknown {
  throw new Error(String([packed, schema, plain]));
}
/** Positional arguments; annotations are keyed by position. */
export function packArgs(
  task: TaskRef,
  args: readonly unknown[],
): { readonly json: readonly unknown[]; readonly meta?: unknown } {
  throw new Error(String([task, args]));
}
/** A received message's positional arguments in parameter order, kwargs folded in, restored, not validated. @throws LigatureError `INVALID_ARGUMENTS` for unknown, duplicate or too many */
export function unpackArgs(task: TaskRef, message: TaskMessage): readonly unknown[] {
  throw new Error(String([task, message]));
}
