import { anything, parseArguments, type ParamSpec } from "../../contract/index.ts";
import { LigatureError } from "../../errors/index.ts";
import { packedArg, type TaskMessage } from "../../protocol/index.ts";
import { accumulateTask, builtinNames, mapTask, starmapTask } from "../../signature/index.ts";
import type { RegisteredTask } from "../request/index.ts";

/**
 * What runs a request of one of Celery's builtin tasks (celery.app.builtins), be it ours or a Celery app's. Each is
 * validated by the schemas of the task that it runs, item by item, in one request.
 * @returns undefined for every other task
 * @throws LigatureError `NOT_REGISTERED` when the task that it shall run isn't one of these handlers', `UNREADABLE`
 */
export function builtinTask(
  message: TaskMessage,
  handlers: ReadonlyMap<string, RegisteredTask>,
  contract: string,
): RegisteredTask | undefined {
  switch (message.task) {
    case builtinNames.accumulate:
      return accumulateIn(handlers);
    case builtinNames.map: {
      const { task, run, pooled } = mapped(message, handlers, contract);
      // The others get what is said for those that are left out: a handler's context comes after all of its parameters.
      const runItem = async (item: unknown, ctx: unknown): Promise<unknown> =>
        run(item, ...(await parseArguments(task.spec, [], 1)), ctx);
      return forEach({ task: mapTask(task), pooled }, runItem);
    }
    case builtinNames.starmap: {
      const { task, run, pooled } = mapped(message, handlers, contract);
      const { length } = task.spec.params;
      // A handler's context comes after all of its parameters, given or not.
      const padded = (args: readonly unknown[]): unknown[] => Array.from({ length }, (_, index) => args[index]);
      const runItem = (args: unknown, ctx: unknown): unknown => run(...padded(args as readonly unknown[]), ctx);
      return forEach({ task: starmapTask(task, task.plainArgs), pooled }, runItem);
    }
    default:
      return undefined;
  }
}

/** One after the other, as Celery does. A context that is told to stop, stops between two items as well. */
function forEach(
  registered: Pick<RegisteredTask, "task" | "pooled">,
  run: (item: unknown, ctx: unknown) => unknown,
): RegisteredTask {
  return {
    ...registered,
    run: async (_signature, items, ctx) => {
      const results: unknown[] = [];
      for (const item of items as readonly unknown[]) {
        (ctx as { readonly signal: AbortSignal }).signal.throwIfAborted();
        results.push(await run(item, ctx));
      }
      return results;
    },
  };
}

/** Of the signature that it is given only the task's name counts, as with Celery. */
function mapped(message: TaskMessage, handlers: ReadonlyMap<string, RegisteredTask>, contract: string): RegisteredTask {
  const { task, args, kwargs } = message;
  const signature: unknown = Object.hasOwn(kwargs, "task") ? kwargs["task"] : args[0];
  const name = typeof signature === "object" && signature !== null && "task" in signature ? signature.task : undefined;
  if (typeof name !== "string") {
    throw new LigatureError("UNREADABLE", `${task} must be given the signature of a task as its first argument, task.`);
  }
  const registered = handlers.get(name);
  if (registered !== undefined) return registered;
  throw new LigatureError(
    "NOT_REGISTERED",
    `${task} shall run "${name}", which is no task of the contract ${contract}: send it to the queue of the contract that has it.`,
    { details: { task: name } },
  );
}

/**
 * `celery.accumulate`: a chord's body where only its results are wanted. Returns its arguments, or the one at `index`,
 * which is that of the joined results where it is 0.
 */
function accumulateIn(handlers: ReadonlyMap<string, RegisteredTask>): RegisteredTask | undefined {
  const [host] = handlers.values();
  if (host === undefined) return undefined;
  const { spec, ...facts } = accumulateTask([], host.task);
  const params: readonly ParamSpec[] = [
    { name: "results", schema: anything, optional: true },
    { name: "index", schema: anything, optional: true },
  ];
  return {
    // Which results they are only their sender knows.
    task: { ...facts, plainArgs: false, plainResult: false, spec: { ...spec, params, returns: anything } },
    // Not read, it keeps what only its receiver's schema can tell, and what JavaScript has no form of.
    passOn: (message) => (message.args.length === 1 && message.kwargs["index"] === 0 ? packedArg(message, 0) : undefined),
    run: (results, index) => {
      if (index === undefined || index === null) return [results];
      if (index === 0) return results;
      throw new RangeError(`${builtinNames.accumulate} got 1 argument and can't return the one at ${JSON.stringify(index)}.`);
    },
  };
}
