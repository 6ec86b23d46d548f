import type { WireSignature } from "../task/index.ts";
import { bodyOf, membersOf, tasksOf, wireChainOrOnly, wireChord, withBody, withErrbacks, withOptions } from "./wire-canvas.ts";

/** A chain's steps, nested chains spliced in; anything else is a chain of one. */
export function stepsOf(signature: WireSignature): readonly WireSignature[] {
  const { subtask_type: kind, args, options } = signature;
  if (kind !== "chain") return [signature];
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
    ...firstOnly
  } = options;
  const lastOnly = {
    ...(id !== undefined && { task_id: id }),
    ...(groupId !== undefined && { group_id: groupId }),
    ...(groupIndex !== undefined && { group_index: groupIndex }),
    ...(chord !== undefined && { chord }),
  };
  return steps.map((step, index) => {
    const isFirst = index === 0;
    let merged = isFirst && Object.keys(firstOnly).length > 0 ? withOptions(step, firstOnly) : step;
    if (index === steps.length - 1) {
      if (Object.keys(lastOnly).length > 0) merged = withOptions(merged, lastOnly);
      if (link.length > 0) merged = withOptions(merged, { link: [...(merged.options.link ?? []), ...link] });
    }
    if (linkError.length > 0) merged = withErrbacks(merged, linkError);
    return isFirst && !step.immutable && args.length > 0 ? { ...merged, args: [...args, ...step.args] } : merged;
  });
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
