import { anything, type ParamSpec } from "../../contract/index.ts";
import { accumulateTask, builtinNames } from "../../signature/index.ts";
import type { RegisteredTask } from "../request/index.ts";

/**
 * `celery.accumulate`: a chord's body where only its results are wanted. Returns its arguments, or the one at `index`,
 * which is that of the joined results where it is 0.
 */
export function accumulateIn(handlers: ReadonlyMap<string, RegisteredTask>): RegisteredTask | undefined {
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
    run: (results, index) => {
      if (index === undefined || index === null) return [results];
      if (index === 0) return results;
      throw new RangeError(`${builtinNames.accumulate} got 1 argument and can't return the one at ${JSON.stringify(index)}.`);
    },
  };
}
