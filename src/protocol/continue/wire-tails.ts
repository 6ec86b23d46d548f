import type { WireSignature } from "../task/index.ts";
import {
  bodyOf,
  headerOf,
  isTask,
  membersOf,
  tasksOf,
  wireChainOrOnly,
  withBody,
  withOptions,
  withTasks,
} from "./wire-canvas.ts";
import { normalSteps, stepsOf } from "./wire-chain.ts";

/** The tasks that a signature ends in: one, except that of a group each member ends for itself. */
export function tailsOf(signature: WireSignature): readonly WireSignature[] {
  switch (signature.subtask_type) {
    case "chain": {
      const last = tasksOf(signature).at(-1);
      return last === undefined ? [] : tailsOf(last);
    }
    case "chord":
      return tailsOf(bodyOf(signature));
    case "group":
      return membersOf(signature).flatMap(tailsOf);
    default:
      return [signature];
  }
}

/** Changes each of {@link tailsOf}. */
export function mapTails(signature: WireSignature, change: (tail: WireSignature) => WireSignature): WireSignature {
  switch (signature.subtask_type) {
    case "chain": {
      const tasks = tasksOf(signature);
      return withTasks(
        signature,
        tasks.map((task, index) => (index === tasks.length - 1 ? mapTails(task, change) : task)),
      );
    }
    case "chord":
      return withBody(signature, mapTails(bodyOf(signature), change));
    case "group":
      return withTasks(
        signature,
        tasksOf(signature).map((member) => mapTails(member, change)),
      );
    default:
      return change(signature);
  }
}

/**
 * Gives an id to each task that hasn't one, so that all that is left of a workflow can be awaited, and failed, before it
 * runs; and to each chord's group, so that starting it twice starts the same.
 */
export function withIds(
  signature: WireSignature,
  given: { readonly rootId: string; readonly newId: () => string },
): WireSignature {
  const { newId, rootId } = given;
  if (isTask(signature)) return withOptions(signature, { task_id: signature.options.task_id ?? newId(), root_id: rootId });
  switch (signature.subtask_type) {
    case "chain":
      return wireChainOrOnly(normalSteps(stepsOf(signature)).map((step) => withIds(step, given)));
    case "group": {
      const identified = withTasks(
        signature,
        tasksOf(signature).map((task) => withIds(task, given)),
      );
      return withOptions(identified, { task_id: signature.options.task_id ?? newId() });
    }
    case "chord": {
      const header = withIds(headerOf(signature), given);
      const body = withIds(bodyOf(signature), given);
      return { ...signature, kwargs: { ...signature.kwargs, header, body } };
    }
    default:
      return signature;
  }
}
