import { LigatureError } from "../../errors/index.ts";
import { describe, isImmutable, type SignatureData } from "../../signature/index.ts";
import { withSize, type Outgoing, type OutgoingChord, type OutgoingMessage } from "../continue/index.ts";
import { composeTask } from "./compose-task.ts";
import { checkDepth } from "./nesting.ts";
import { identified, stepsOfNode, type ChordNode, type MemberNode, type Node } from "./nodes.ts";
import { planOf, type ResultPlan } from "./result-plan.ts";
import { nodeToWire, type Identity, type Place } from "./signature-to-wire.ts";

/** A signature made ready to send, and the plan of its results. */
export interface Composed extends Outgoing {
  readonly result: ResultPlan;
}

export interface ComposeContext {
  readonly now: number;
  readonly newId: () => string;
  readonly replyTo: string | undefined;
  readonly rootId?: string | undefined;
  readonly parentId?: string | undefined;
  readonly deadline?: number | undefined;
  readonly ignoreResult?: boolean | undefined;
  /** The id of the result: a chain's last step gets it, a chord's body, or the group itself. */
  readonly taskId?: string | undefined;
}

const noChords: readonly OutgoingChord[] = Object.freeze([]);

/**
 * The messages that start a signature. Of a chain it is the first step's; the others travel in it, last one first, each
 * with its id already, as Celery does (celery.canvas._chain.prepare_steps). Of a group or a chord it is one for each
 * member; a chord's body travels in all of them (celery.canvas._chord.run).
 * @param context ids to inherit from a running request, reply queue, deadline; `newId` makes UUIDs
 * @throws LigatureError `INVALID_ARGUMENTS` for a mutable signature, `UNREADABLE`, `INVALID_OPTION`
 */
export function composeSignature(data: SignatureData, context: ComposeContext): Composed {
  if (!isImmutable(data)) {
    throw new LigatureError(
      "INVALID_ARGUMENTS",
      `${describe(data)} can't be sent on its own: it was built with .s(...) and waits for a parent's result. Build it with .si(...).`,
    );
  }
  const { now, newId, parentId, deadline, ignoreResult, replyTo } = context;
  const resultId = context.taskId ?? newId();
  if (data.kind === "task") {
    const rootId = context.rootId ?? resultId;
    const own = {
      id: resultId,
      now,
      rootId,
      parentId,
      deadline,
      ignoreResult,
      replyTo,
      chain: [],
      place: undefined,
      given: [],
    };
    return {
      chords: noChords,
      messages: [composeTask(data, own)],
      result: { kind: "task", id: resultId, task: data.task, ids: [resultId] },
    };
  }
  const node = identified(data, resultId, newId);
  checkDepth(node);
  const rootId = context.rootId ?? firstId(node) ?? resultId;
  const composing: Composing = {
    identity: { rootId, replyTo, deadline, ignoreResult },
    now,
    parentId,
    chords: [],
    messages: [],
  };
  if (node.kind === "group") {
    for (const [index, member] of node.members.entries()) {
      composeMember(member, composing, { groupId: resultId, index, body: undefined }, []);
    }
  } else composeMember(node, composing, undefined, []);
  return { chords: composing.chords, messages: composing.messages, result: planOf(node) };
}

interface Composing {
  readonly identity: Identity;
  readonly now: number;
  readonly parentId: string | undefined;
  readonly chords: OutgoingChord[];
  readonly messages: OutgoingMessage[];
}

/** @param given arguments that mutable signatures get in place of a parent's result */
function composeMember(node: MemberNode, composing: Composing, place: Place | undefined, given: readonly unknown[]): void {
  const { identity, now, parentId } = composing;
  if (node.kind === "chord") {
    composeChord(node, composing, place, given);
    return;
  }
  const [first, ...later] = node.kind === "task" ? [node] : stepsOfNode(node);
  if (first?.kind !== "task") throw new TypeError("A chain begins with a task.");
  const last = later.length - 1;
  const chain = later.map((step, index) => nodeToWire(step, identity, index === last ? place : undefined)).reverse();
  const own = {
    ...identity,
    id: idOf(first),
    now,
    parentId,
    chain,
    place: chain.length === 0 ? place : undefined,
    given,
  };
  composing.messages.push(composeTask(first.data, own));
}

function composeChord(node: ChordNode, composing: Composing, place: Place | undefined, given: readonly unknown[]): void {
  const { header, body } = node;
  if (header.length === 0) {
    if (body.kind === "group") throw new TypeError("A chord that is awaited ends in a task.");
    composeMember(body, composing, place, [[]]);
    return;
  }
  const groupId = idOf(node);
  const waiting = withSize(nodeToWire(body, composing.identity, place), header.length);
  composing.chords.push({ groupId, size: header.length });
  for (const [index, member] of header.entries()) composeMember(member, composing, { groupId, index, body: waiting }, given);
}

function idOf({ id }: Node & { readonly id: string | undefined }): string {
  if (id === undefined) throw new TypeError("What is sent has an id.");
  return id;
}

/** The id of the first task that is sent. */
function firstId(node: Node): string | undefined {
  switch (node.kind) {
    case "task":
      return node.id;
    case "chain":
      return node.steps[0]?.id;
    case "group":
      return node.members[0] === undefined ? undefined : firstId(node.members[0]);
    case "chord":
      return firstId(node.header[0] ?? node.body);
  }
}
