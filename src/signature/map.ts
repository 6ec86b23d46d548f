import { LigatureError } from "../errors/index.ts";
import { wrap } from "./build.ts";
import { mapTask, starmapTask } from "./builtin-tasks.ts";
import type { TaskSignatureData } from "./data.ts";
import { groupOf } from "./normal-form.ts";
import type { ImmutableGroup, ImmutableSignature } from "./signature.ts";
import type { TaskRef } from "./refs.ts";

/** A task that can be called with one argument. */
export interface Mappable<Item, out Result> {
  readonly "~task": TaskRef;
  si(item: Item): ImmutableSignature<Result>;
}

/** A task that can be called with a list of arguments. */
export interface Starmappable<Args extends readonly unknown[], out Result> {
  readonly "~task": TaskRef;
  si(...args: Args): ImmutableSignature<Result>;
}

/**
 * Runs a task once for each item, one after the other, in one request: for many small pieces of work.
 * The first that fails fails it all.
 */
export function map<Item, Result>(task: Mappable<Item, Result>, items: readonly NoInfer<Item>[]): ImmutableSignature<Result[]> {
  const ref = refOf(task, "map");
  checkMappable(ref);
  return wrap(mapping(mapTask(ref), ref, listOf(items, "map"))) as ImmutableSignature<Result[]>;
}

/** {@link map} with a list of arguments for each run. */
export function starmap<Args extends readonly unknown[], Result>(
  task: Starmappable<Args, Result>,
  argLists: readonly NoInfer<Args>[],
): ImmutableSignature<Result[]> {
  return wrap(starmapping(refOf(task, "starmap"), listOf(argLists, "starmap"))) as ImmutableSignature<Result[]>;
}

/**
 * {@link starmap} in pieces of `size` runs, side by side; the results are those of the pieces, as in Celery.
 * @param size runs in one request, at least one
 */
export function chunks<Args extends readonly unknown[], Result>(
  task: Starmappable<Args, Result>,
  argLists: readonly NoInfer<Args>[],
  size: number,
): ImmutableGroup<Result[][]> {
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new LigatureError("INVALID_ARGUMENTS", `chunks() needs a size of at least 1, got ${String(size)}.`);
  }
  const ref = refOf(task, "chunks");
  const lists = listOf(argLists, "chunks");
  const pieces = Array.from({ length: Math.ceil(lists.length / size) }, (_piece, index) =>
    starmapping(ref, lists.slice(index * size, (index + 1) * size)),
  );
  return wrap(groupOf(pieces)) as ImmutableGroup<Result[][]>;
}

function starmapping(ref: TaskRef, argLists: readonly unknown[]): TaskSignatureData {
  const lists = argLists.map(withoutTrailingUndefined);
  const plain = ref.plainArgs && !lists.some((list) => Array.isArray(list) && list.includes(undefined));
  return mapping(starmapTask(ref, plain), ref, lists);
}

function withoutTrailingUndefined(list: unknown): unknown {
  if (!Array.isArray(list)) return list;
  const last = list.findLastIndex((arg) => arg !== undefined);
  return list.slice(0, last + 1);
}

/** The task goes as a signature without arguments, of which Celery reads the name (celery.app.builtins.add_map_task). */
function mapping(builtin: TaskRef, { spec }: TaskRef, items: readonly unknown[]): TaskSignatureData {
  const signature = { task: spec.name, args: [], kwargs: {}, options: {}, subtask_type: null, immutable: false };
  return {
    kind: "task",
    task: builtin,
    args: Object.freeze([signature, Object.freeze([...items])]),
    immutable: true,
    options: {},
    link: [],
    linkError: [],
  };
}

function refOf(task: unknown, where: string): TaskRef {
  // A contract's task is a function, for the sake of what it says when it is called.
  const isThing = typeof task === "function" || (typeof task === "object" && task !== null);
  if (isThing && "~task" in task) return task["~task"] as TaskRef;
  throw new LigatureError("INVALID_ARGUMENTS", `${where}() needs a task of a generated contract, such as catalog.markProcessed.`);
}

function listOf(items: unknown, where: string): readonly unknown[] {
  if (Array.isArray(items)) return items;
  throw new LigatureError("INVALID_ARGUMENTS", `${where}() needs an array, got ${items === null ? "null" : typeof items}.`);
}

function checkMappable({ spec }: TaskRef): void {
  const required = spec.params.filter(({ optional }) => !optional).length;
  if (spec.params.length > 0 && required <= 1) return;
  throw new LigatureError(
    "INVALID_ARGUMENTS",
    `map() calls a task with one argument; ${spec.name} takes ${spec.params.length === 0 ? "none" : `${required} at least: use starmap()`}.`,
  );
}
