import {
  isImmutable,
  joined,
  type ChordSignatureData,
  type GroupSignatureData,
  type SignatureData,
  type TaskSignatureData,
} from "../../signature/index.ts";

/** A signature with ids for its tasks and groups; a callback has none, it gets them when it is started. */
export type Node = MemberNode | GroupNode;
export type MemberNode = TaskNode | ChainNode | ChordNode;

export interface TaskNode {
  readonly kind: "task";
  readonly data: TaskSignatureData;
  readonly id: string | undefined;
}

export interface ChainNode {
  readonly kind: "chain";
  readonly steps: readonly TaskNode[];
  readonly end: ChordNode | GroupNode | undefined;
}

export interface GroupNode {
  readonly kind: "group";
  readonly id: string | undefined;
  readonly immutable: boolean;
  readonly members: readonly MemberNode[];
}

export interface ChordNode {
  readonly kind: "chord";
  /** The id of the header's group. */
  readonly id: string | undefined;
  readonly immutable: boolean;
  readonly header: readonly MemberNode[];
  readonly body: Node;
}

/** Everything that runs one after the other in a chain. */
export function stepsOfNode({ steps, end }: ChainNode): readonly Node[] {
  return end === undefined ? steps : [...steps, end];
}

/** A callback: it has no ids before it is started. */
export function unidentified(data: SignatureData): Node {
  return nodeOf(data, undefined, undefined);
}

/**
 * Gives an id to each task and each group inside, callbacks apart. The tail gets `id`, since its result is the whole's, and
 * groups at the end are joined so that there is a tail. A group that is the whole has `id` itself.
 */
export function identified(data: SignatureData, id: string, newId: () => string): Node {
  return nodeOf(data.kind === "group" ? data : joined(data), id, newId);
}

type NewId = (() => string) | undefined;

function nodeOf(data: SignatureData, id: string | undefined, newId: NewId): Node {
  switch (data.kind) {
    case "task":
      return { kind: "task", data, id };
    case "group":
      return groupNode(data, id, newId);
    case "chord":
      return chordNode(data, id, newId);
    case "chain": {
      const { steps, end } = data;
      const last = end === undefined ? steps.length - 1 : -1;
      return {
        kind: "chain",
        steps: steps.map((step, index) => ({ kind: "task", data: step, id: index === last ? id : newId?.() })),
        end: end === undefined ? undefined : end.kind === "chord" ? chordNode(end, id, newId) : groupNode(end, id, newId),
      };
    }
  }
}

function groupNode(data: GroupSignatureData, id: string | undefined, newId: NewId): GroupNode {
  return { kind: "group", id, immutable: isImmutable(data), members: data.members.map((member) => memberNode(member, newId)) };
}

function chordNode(data: ChordSignatureData, id: string | undefined, newId: NewId): ChordNode {
  return {
    kind: "chord",
    id: newId?.(),
    immutable: isImmutable(data),
    header: data.header.map((member) => memberNode(member, newId)),
    body: nodeOf(data.body, id, newId),
  };
}

/** Members have tails since they were put into their group. */
function memberNode(data: GroupSignatureData["members"][number], newId: NewId): MemberNode {
  return nodeOf(data, newId?.(), newId) as MemberNode;
}
