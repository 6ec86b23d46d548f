import { maxSignatureDepth, unreadable } from "../envelope/index.ts";
import { stepsOfNode, unidentified, type Node } from "./nodes.ts";

/**
 * Refuses what would nest so deep in some message that its receiver couldn't read it.
 * @throws LigatureError `UNREADABLE`
 */
export function checkDepth(node: Node): void {
  if (depthOf(node, 0).own <= maxSignatureDepth) return;
  throw unreadable(
    "The signature",
    `nests groups, chords and callbacks more than ${maxSignatureDepth} levels of JSON deep. Start the inner ones from a task's handler.`,
  );
}

/** Levels of JSON that a signature takes, its arguments apart. */
interface Depth {
  /** In any message that it will be a part of. */
  readonly own: number;
  /** Down to where its tail carries the body of a chord. */
  readonly tail: number;
}

const tooDeep: Depth = { own: Number.POSITIVE_INFINITY, tail: 0 };

/** @param at the level where it begins; where that is too deep already, the search ends */
function depthOf(node: Node, at: number): Depth {
  if (at > maxSignatureDepth) return tooDeep;
  switch (node.kind) {
    case "task": {
      // {options: {link: [callback]}}, {options: {chord: body}}
      const { link, linkError } = node.data;
      const callbacks = [...link, ...linkError].map((data) => 3 + depthOf(unidentified(data), at + 3).own);
      return { own: Math.max(2, greatest(callbacks)), tail: 2 };
    }
    case "chain": {
      // {kwargs: {tasks: [step]}}
      const steps = stepsOfNode(node).map((step) => depthOf(step, at + 3));
      return { own: 3 + greatest(steps.map(({ own }) => own)), tail: 3 + (steps.at(-1)?.tail ?? 0) };
    }
    case "group": {
      const members = node.members.map((member) => depthOf(member, at + 3));
      return { own: 3 + greatest(members.map(({ own }) => own)), tail: 3 + greatest(members.map(({ tail }) => tail)) };
    }
    case "chord": {
      // As a step, {kwargs: {header: {kwargs: {tasks: [member]}}, body}}; once it is started, the body in each member's tail.
      const body = depthOf(node.body, at + 2);
      const members = node.header.map((member) => depthOf(member, at + 5));
      const own = greatest(members.map((member) => member.own));
      const tail = greatest(members.map((member) => member.tail));
      return { own: Math.max(2 + body.own, 5 + own, tail + body.own), tail: Math.max(2, tail) + body.tail };
    }
  }
}

/** `Math.max` takes only so many arguments. */
function greatest(numbers: readonly number[]): number {
  return numbers.reduce((most, number) => Math.max(most, number), 0);
}
