import { isDeeper } from "./json.ts";
import { maxDepth } from "./limits.ts";
import { withSize, type ChordStart, type Start } from "./start.ts";
import { successorMessage, type Given, type Successor, type SuccessorContext } from "./successor-message.ts";
import { unreadable } from "./unreadable.ts";
import type { Packed } from "./values.ts";
import { normalSteps, stepsOf } from "./wire-chain.ts";
import { chunksOf, mapTaskOf } from "./wire-maps.ts";
import { bodyOf, headerOf, membersOf, membersOfChord, unknownKind, withOptions } from "./wire-parts.ts";
import type { WireSignature } from "./wire-signature.ts";
import { mapTails, tailsOf, withIds } from "./wire-tails.ts";

/**
 * The messages that a worker publishes for a callback, error callback or next chain step of a finished request.
 *
 * - A mutable callback gets the parent's result as first argument; a mutable error callback, which only a Celery app
 *   can have made, the failed task's id, as Celery sends it (celery.backends.base._call_task_errbacks).
 * - A chain becomes its first step, which carries the others before what is left of the parent's chain.
 * - A group becomes its members, a chord its header's, which all carry the body; what follows them is run after the body.
 *   A chord without members becomes its body, which gets an empty list.
 * - The parent's deadline goes on to the next step of its chain, since its caller awaits that. A callback has nobody
 *   who waits for it, and must run however late it is.
 * @throws LigatureError `UNREADABLE` for malformed signatures and options
 */
export function startOf(signature: WireSignature, context: SuccessorContext): Start {
  const { parent, result, failure, chain = [] } = context;
  const args =
    result !== undefined
      ? [{ json: result.json ?? null, meta: result.meta }]
      : failure !== undefined
        ? [{ json: parent.id }]
        : [];
  const started: Started = { context, chords: [], messages: [] };
  begin(signature, { args, chain }, started);
  return { chords: started.chords, messages: started.messages };
}

interface Started {
  readonly context: SuccessorContext;
  readonly chords: ChordStart[];
  readonly messages: Successor[];
}

function begin(signature: WireSignature, { args, chain }: Given, started: Started): void {
  const steps = stepsOf(signature);
  const [first, ...later] = normalSteps(chain.length === 0 ? steps : [...steps, ...chain.toReversed()]);
  if (first === undefined) throw unreadable(`The chain in ${signature.task}`, "has no steps.");
  switch (first.subtask_type) {
    case null:
      beginTask(first, later, args, started);
      return;
    case "xmap":
    case "xstarmap":
      beginTask(mapTaskOf(first), later, args, started);
      return;
    case "chunks":
      begin(chunksOf(first), { args, chain: later.toReversed() }, started);
      return;
    case "group":
      beginGroup(first, args, started);
      return;
    case "chord":
      beginChord(first, args, started);
      return;
    default:
      throw unknownKind(first);
  }
}

function beginTask(task: WireSignature, later: readonly WireSignature[], args: readonly Packed[], started: Started): void {
  const { context } = started;
  // What is left of the parent's chain has its ids, and is handed on as it came.
  const prepared = new Set(context.chain);
  const { chain: behind = [], ...options } = task.options;
  const steps = [...later, ...behind.toReversed()];
  const ids = { rootId: context.parent.rootId, newId: context.newId };
  const chain = steps.map((step) => (prepared.has(step) ? step : withIds(step, ids))).reverse();
  started.messages.push(successorMessage(behind.length === 0 ? task : { ...task, options }, { args, chain }, context));
}

function beginGroup(group: WireSignature, args: readonly Packed[], started: Started): void {
  const members = membersOf(group);
  const { task_id: id, chord } = group.options;
  // Part of a header that Celery has prepared: each member has its place in that already.
  const place = chord === undefined ? placing(id ?? started.context.newId(), undefined) : (member: WireSignature) => member;
  for (const member of members) begin(place(member), { args, chain: [] }, started);
}

function beginChord(chord: WireSignature, given: readonly Packed[], started: Started): void {
  const { context } = started;
  const members = membersOfChord(chord);
  // A mutable chord may have arguments of its own (celery.canvas._chord.apply_async).
  const own = chord.args.map((json) => ({ json, foreign: true as const }));
  const args = chord.immutable ? own : [...given, ...own];
  const body = withIds(bodyOf(chord), { rootId: context.parent.rootId, newId: context.newId });
  const size = members.reduce((total, member) => total + tailsOf(member).length, 0);
  if (size === 0) {
    begin(body, { args: [{ json: [] }], chain: [] }, started);
    return;
  }
  const waiting = withSize(body, size);
  // n.b. each member will be read with it: better to refuse here, where the whole can be answered.
  if (isDeeper(waiting, maxDepth - 2)) throw unreadable("The body of a chord", `nests deeper than ${maxDepth} levels.`);
  const groupId = headerOf(chord).options.task_id ?? context.newId();
  started.chords.push({ groupId, size });
  const place = placing(groupId, waiting);
  for (const member of members) begin(place(member), { args, chain: [] }, started);
}

/** Tells the tails of a group's members their places, one after the other. */
function placing(groupId: string, body: WireSignature | undefined): (member: WireSignature) => WireSignature {
  let next = 0;
  return (member) =>
    mapTails(member, (tail) =>
      withOptions(tail, { group_id: groupId, group_index: next++, ...(body !== undefined && { chord: body }) }),
    );
}
