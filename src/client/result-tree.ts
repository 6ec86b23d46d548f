import { LigatureError } from "../errors/index.ts";
import type { GroupPlan, ResultPlan, TaskPlan } from "../protocol/index.ts";
import { contractOf, knownTask, type KnownTask, type TaskRef } from "../signature/index.ts";
import { GroupHandle } from "./group-handle.ts";
import { ResultHandle, type ResultEnvironment } from "./result-handle.ts";

export type SentHandle = ResultHandle | GroupHandle;

/** The handles of one workflow: whose result the whole's is, and those of everything before it. */
export interface ResultTree {
  readonly result: SentHandle;
  /** Of every task inside, each once. */
  readonly handles: readonly ResultHandle[];
}

/** Makes the handles that a plan speaks of. They don't listen yet. */
export function resultTree(plan: ResultPlan, env: ResultEnvironment): ResultTree {
  const handles: ResultHandle[] = [];
  const build = (each: ResultPlan): SentHandle => (each.kind === "group" ? group(each) : task(each));
  const parentOf = ({ parent }: ResultPlan): SentHandle | undefined => (parent === undefined ? undefined : build(parent));
  const task = (each: TaskPlan): ResultHandle => {
    const lineage = each.ids.length === 1 ? undefined : { parent: parentOf(each), workflow: each.ids };
    const handle = new ResultHandle(each.id, declared(each.task), env, lineage);
    if (each.task.spec.ignoreResult) handle.expectNothing();
    handles.push(handle);
    return handle;
  };
  const group = (each: GroupPlan): GroupHandle => {
    const parent = parentOf(each);
    return new GroupHandle(each.id, each.members.map(task), { parent, workflow: each.ids, env });
  };
  return { result: build(plan), handles };
}

/** Declared errors are classes of a contract; a task knows only its own specification. */
export function declared(task: TaskRef): KnownTask {
  // n.b. the table's own entry, since very many calls may hold on to what this returns.
  const known = knownTask(task.spec.name);
  if (known?.task === task) return known;
  const contract = contractOf(task);
  if (contract !== undefined) return { task, contract };
  throw new LigatureError("INVALID_CONTRACT", `${task.spec.name} belongs to no generated contract that is loaded.`);
}
