import type { WireSignature } from "../task/index.ts";
import {
  bodyOf,
  isTask,
  membersOf,
  tasksOf,
  wireChainOrOnly,
  wireChord,
  withBody,
  withErrbacks,
  withOptions,
} from "./wire-canvas.ts";

/**
 * A chain's steps, nested chains spliced in; anything else is a chain of one. What a group or a chord carries in `options.chain`
 * comes behind it, as Celery 5.6 sends what follows a chord.
 */
export function stepsOf(signature: WireSignature): readonly WireSignature[] {
  const { subtask_type: kind, args, options } = signature;
  if (kind !== "chain") return isTask(signature) ? [signature] : withoutBehind(signature);
  const steps = tasksOf(signature).flatMap(stepsOf);
  // As in celery.canvas._chain.run: `link` is the last step's, `link_error` every step's, the rest is the first's; but the
  // place in a group is the last step's again.
  const {
    link = [],
    link_error: linkError = [],
    task_id: id,
    group_id: groupId,
    group_index: groupIndex,
    chord,
    chain: behind = [],
    ...firstOnly
  } = options;
  const lastOnly = {
    ...(groupId !== undefined && { group_id: groupId }),
    ...(groupIndex !== undefined && { group_index: groupIndex }),
    ...(chord !== undefined && { chord }),
  };
  const own = steps.map((step, index) => {
    const isFirst = index === 0;
    let merged = isFirst && Object.keys(firstOnly).length > 0 ? withOptions(step, firstOnly) : step;
    if (index === steps.length - 1) {
      // As Celery's `freeze` does: a chain that is a chord's body comes with the group's id, and its last step has its own.
      if (id !== undefined && merged.options.task_id === undefined) merged = withOptions(merged, { task_id: id });
      if (Object.keys(lastOnly).length > 0) merged = withOptions(merged, lastOnly);
      if (link.length > 0) merged = withOptions(merged, { link: [...(merged.options.link ?? []), ...link] });
    }
    if (linkError.length > 0) merged = withErrbacks(merged, linkError);
    return isFirst && !step.immutable && args.length > 0 ? { ...merged, args: [...args, ...step.args] } : merged;
  });
  return behind.length === 0 ? own : [...own, ...behind.toReversed().flatMap(stepsOf)];
}

function withoutBehind(signature: WireSignature): readonly WireSignature[] {
  const { chain: behind = [], ...options } = signature.options;
  return behind.length === 0 ? [signature] : [{ ...signature, options }, ...behind.toReversed().flatMap(stepsOf)];
}

/**
 * The same steps with groups and chords at the end only: a group becomes the header of a chord whose body is what
 * follows, and what follows a chord belongs to its body (celery.canvas._chain.prepare_steps and _chord.run).
 */
export function normalSteps(steps: readonly WireSignature[]): readonly WireSignature[] {
  if (!steps.some(({ subtask_type: kind }, index) => index < steps.length - 1 && (kind === "group" || kind === "chord")))
    return steps;
  let normal: WireSignature[] = [];
  for (const step of steps.toReversed()) {
    if (normal.length === 0) normal = [step];
    else if (step.subtask_type === "group") normal = followingGroup(step, normal);
    else if (step.subtask_type === "chord") normal = [withBody(step, wireChainOrOnly([bodyOf(step), ...normal]))];
    else normal = [step, ...normal];
  }
  return normal;
}

/** Celery runs a group of one in a chain as that one (celery.canvas.maybe_unroll_group). */
function followingGroup(group: WireSignature, later: readonly WireSignature[]): WireSignature[] {
  const members = membersOf(group);
  const [only] = members;
  return members.length === 1 && only !== undefined
    ? [...normalSteps([...stepsOf(only), ...later])]
    : [wireChord(group, wireChainOrOnly(later))];
}
