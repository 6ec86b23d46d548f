import { maxSignatureDepth } from "./limits.ts";
import { partsOf, unidentified, type Node } from "./nodes.ts";
import { unreadable } from "./unreadable.ts";

/**
 * Refuses what would nest so deep in some message that its receiver couldn't read it.
 * @throws LigatureError `UNREADABLE`
 */
export function checkDepth(node: Node): void {
  if (depthOf(node, 0, 0) <= maxSignatureDepth) return;
  throw unreadable(
    "The signature",
    `nests groups, chords and callbacks more than ${maxSignatureDepth} levels of JSON deep. Start the inner ones from a task's handler.`,
  );
}

/**
 * The deepest level of JSON that a signature reaches, its arguments apart.
 * @param at the level where it begins; where that is too deep already, the search ends
 * @param body levels of the body that its tail carries
 */
function depthOf(node: Node, at: number, body: number): number {
  if (at > maxSignatureDepth) return at;
  switch (node.kind) {
    case "task": {
      // {options: {link: [callback]}}, {options: {chord: body}}
      const { link, linkError } = node.data;
      return greatest([at + 2 + body, ...[...link, ...linkError].map((data) => depthOf(unidentified(data), at + 3, 0))]);
    }
    case "chain": {
      // {kwargs: {tasks: [step]}}
      const parts = partsOf(node);
      return greatest(parts.map((part, index) => depthOf(part, at + 3, index === parts.length - 1 ? body : 0)));
    }
    case "group":
      return greatest(node.members.map((member) => depthOf(member, at + 3, body)));
    case "chord": {
      // {kwargs: {header: {kwargs: {tasks: [member]}}, body}}
      const own = depthOf(node.body, 0, body);
      return greatest([at + 2 + own, ...node.header.map((member) => depthOf(member, at + 5, own))]);
    }
  }
}

/** `Math.max` takes only so many arguments. */
function greatest(depths: readonly number[]): number {
  return depths.reduce((most, depth) => Math.max(most, depth), 0);
}
