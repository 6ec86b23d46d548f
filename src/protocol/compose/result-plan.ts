import type { TaskRef } from "../../signature/index.ts";
import type { ChainNode, ChordNode, MemberNode, Node, TaskNode } from "./nodes.ts";

/** The results of a workflow: its own, and those of the tasks before. */
export type ResultPlan = TaskPlan | GroupPlan;

/** The result of one task, a tail. */
export interface TaskPlan {
  readonly kind: "task";
  readonly id: string;
  readonly task: TaskRef;
  /** The ids of this task and of all that comes before it, for revoking. */
  readonly ids: readonly string[];
  /** The step before, or the header of the chord that this is the body of. */
  readonly parent?: ResultPlan;
}

/** Results side by side. */
export interface GroupPlan {
  readonly kind: "group";
  readonly id: string;
  readonly members: readonly TaskPlan[];
  readonly ids: readonly string[];
  readonly parent?: ResultPlan;
}

export function planOf(node: Node): ResultPlan {
  return planAfter(node, undefined);
}

function planAfter(node: Node, before: ResultPlan | undefined): ResultPlan {
  return node.kind === "group" ? groupPlan(node.id, node.members, before) : memberPlan(node, before);
}

function memberPlan(node: MemberNode, before: ResultPlan | undefined): TaskPlan {
  switch (node.kind) {
    case "task":
      return taskPlan(node, before);
    case "chain":
      return chainPlan(node, before);
    case "chord":
      return chordPlan(node, before);
  }
}

function taskPlan({ id, data }: TaskNode, before: ResultPlan | undefined): TaskPlan {
  const own: TaskPlan = {
    kind: "task",
    id: known(id),
    task: data.task,
    get ids() {
      return idsOf(own);
    },
    ...parentOf(before),
  };
  return own;
}

function chainPlan({ steps, end }: ChainNode, before: ResultPlan | undefined): TaskPlan {
  let at = before;
  for (const step of steps) at = taskPlan(step, at);
  if (end?.kind === "chord") return chordPlan(end, at);
  if (at?.kind !== "task" || end !== undefined) throw new TypeError("An identified chain ends in a task.");
  return at;
}

function chordPlan({ id, header, body }: ChordNode, before: ResultPlan | undefined): TaskPlan {
  const whole = planAfter(body, groupPlan(id, header, before));
  if (whole.kind !== "task") throw new TypeError("An identified chord ends in a task.");
  return whole;
}

function groupPlan(id: string | undefined, nodes: readonly MemberNode[], before: ResultPlan | undefined): GroupPlan {
  const members = nodes.map((node) => memberPlan(node, undefined));
  const own: GroupPlan = {
    kind: "group",
    id: known(id),
    members,
    get ids() {
      return idsOf(own);
    },
    ...parentOf(before),
  };
  return own;
}

/** Collected when asked for: the steps of a long chain would each hold the ids of all before them. */
function idsOf(plan: ResultPlan): readonly string[] {
  const parts: (readonly string[])[] = [];
  for (let at: ResultPlan | undefined = plan; at !== undefined; at = at.parent) {
    parts.push(at.kind === "task" ? [at.id] : at.members.flatMap(idsOf));
  }
  return parts.reverse().flat();
}

function parentOf(before: ResultPlan | undefined): { readonly parent?: ResultPlan } {
  return before === undefined ? {} : { parent: before };
}

function known(id: string | undefined): string {
  if (id === undefined) throw new TypeError("Only identified signatures have results.");
  return id;
}
