import {
  anything,
  argumentsOf,
  listOf,
  nothing,
  tupleOf,
  type ParamSpec,
  type SchemaLike,
  type TaskSpec,
} from "../contract/index.ts";
import type { TaskRef } from "./refs.ts";

/**
 * Celery's own tasks (celery.app.builtins), which every worker of Celery and of Ligature has, as tasks of the contract
 * whose worker shall run them: its queue, its declared errors, its kind of result.
 */
export const builtinNames = {
  /** Returns item `index` of its arguments. */
  accumulate: "celery.accumulate",
  /** Runs a task for each item of a list. */
  map: "celery.map",
  /** Runs a task for each list of arguments. */
  starmap: "celery.starmap",
} as const;

/** The list of results that it is given; run by the worker of `host`. */
export function accumulateTask(members: readonly TaskRef[], host: TaskRef): TaskRef {
  const results = tupleOf(members.map(({ spec }) => spec.returns ?? nothing));
  return builtin(host, builtinNames.accumulate, {
    params: [param("results", anything), param("index", anything, true)],
    returns: results,
    ignoreResult: false,
    // Received by whoever waits for the group, however late it is.
    expires: undefined,
    plainArgs: members.every(({ plainResult }) => plainResult),
    plainResult: members.every(({ plainResult, spec }) => plainResult && spec.returns !== undefined),
  });
}

/** `task` for each item of a list, which `celery.map` takes beside the task's signature. */
export function mapTask(task: TaskRef): TaskRef {
  return mapping(task, builtinNames.map, listOf(task.spec.params[0]?.schema ?? nothing), task.plainArgs);
}

/** `task` for each list of arguments. @param plain whether all of them are plain JSON */
export function starmapTask(task: TaskRef, plain: boolean): TaskRef {
  return mapping(task, builtinNames.starmap, listOf(argumentsOf(task.spec.params.map(({ schema }) => schema))), plain);
}

function mapping(task: TaskRef, name: string, items: SchemaLike, plainArgs: boolean): TaskRef {
  return builtin(task, name, {
    params: [param("task", anything), param("it", items)],
    returns: listOf(task.spec.returns ?? nothing),
    ignoreResult: task.spec.ignoreResult,
    expires: task.spec.expires,
    plainArgs,
    plainResult: task.plainResult && task.spec.returns !== undefined,
  });
}

interface Builtin extends Pick<TaskSpec, "params" | "returns" | "ignoreResult" | "expires"> {
  readonly plainArgs: boolean;
  readonly plainResult: boolean;
}

function builtin(host: TaskRef, name: string, { plainArgs, plainResult, ...own }: Builtin): TaskRef {
  const { contract, queue, errors, priority, ack } = host.spec;
  const spec: TaskSpec = Object.freeze({
    contract,
    key: name,
    name,
    queue,
    errors,
    priority,
    ack,
    progress: undefined,
    retry: undefined,
    // Those of the task are for one run of it.
    timeLimit: Object.freeze({ soft: undefined, hard: undefined }),
    allow: Object.freeze({}),
    ...own,
  });
  return Object.freeze({ spec, fingerprint: "", plainArgs, plainResult });
}

function param(name: string, schema: SchemaLike, optional = false): ParamSpec {
  return { name, schema, optional };
}
