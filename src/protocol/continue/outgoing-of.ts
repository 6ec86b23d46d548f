import { isDeeper, maxDepth, unreadable } from "../envelope/index.ts";
import type { WireSignature } from "../task/index.ts";
import { annotationsOf, writeArgsMeta, type Annotations, type Packed } from "../values/index.ts";
import type { ChordPart } from "./chord-part.ts";
import type { Outgoing, OutgoingChord, OutgoingMessage } from "./outgoing.ts";
import { successorMessage, type Given, type SuccessorContext } from "./successor-message.ts";
import { bodyOf, headerOf, membersOf, membersOfChord, unknownKind, withOptions, withSize } from "./wire-canvas.ts";
import { normalSteps, stepsOf } from "./wire-chain.ts";
import { chunksOf, mapTaskOf } from "./wire-maps.ts";
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
export function outgoingOf(signature: WireSignature, context: SuccessorContext): Outgoing {
  const { parent, result, failure, chain = [] } = context;
  const args =
    result !== undefined
      ? [{ json: result.json ?? null, meta: result.meta }]
      : failure !== undefined
        ? [{ json: parent.id }]
        : [];
  const gathered: Gathered = { context, chords: [], messages: [] };
  add(signature, { args, chain }, gathered);
  return { chords: gathered.chords, messages: gathered.messages };
}

interface Gathered {
  readonly context: SuccessorContext;
  readonly chords: OutgoingChord[];
  readonly messages: OutgoingMessage[];
}

function add(signature: WireSignature, { args, chain }: Given, gathered: Gathered): void {
  const steps = stepsOf(signature);
  const [first, ...later] = normalSteps(chain.length === 0 ? steps : [...steps, ...chain.toReversed()]);
  if (first === undefined) throw unreadable(`The chain in ${signature.task}`, "has no steps.");
  switch (first.subtask_type) {
    case null:
      addTask(first, later, args, gathered);
      return;
    case "xmap":
    case "xstarmap":
      addTask(mapTaskOf(first), later, args, gathered);
      return;
    case "chunks":
      add(chunksOf(first), { args, chain: later.toReversed() }, gathered);
      return;
    case "group":
      addGroup(first, args, gathered);
      return;
    case "chord":
      addChord(first, args, gathered);
      return;
    default:
      throw unknownKind(first);
  }
}

function addTask(task: WireSignature, later: readonly WireSignature[], args: readonly Packed[], gathered: Gathered): void {
  const { context } = gathered;
  // The rest of the parent's chain has its ids, and is handed on as it came.
  const prepared = new Set(context.chain);
  const { chain: behind = [], ...options } = task.options;
  const steps = [...later, ...behind.toReversed()];
  const ids = { rootId: context.parent.rootId, newId: context.newId };
  const chain = steps.map((step) => (prepared.has(step) ? step : withIds(step, ids))).reverse();
  gathered.messages.push(successorMessage(behind.length === 0 ? task : { ...task, options }, { args, chain }, context));
}

function addGroup(group: WireSignature, args: readonly Packed[], gathered: Gathered): void {
  const members = membersOf(group);
  const { task_id: id, chord } = group.options;
  // Part of a header that Celery has prepared: each member has its place in that already.
  const place = chord === undefined ? placing(id ?? gathered.context.newId(), undefined) : (member: WireSignature) => member;
  for (const member of members) add(place(member), { args, chain: [] }, gathered);
}

function addChord(chord: WireSignature, given: readonly Packed[], gathered: Gathered): void {
  const { context } = gathered;
  const members = membersOfChord(chord);
  // A mutable chord may have arguments of its own (celery.canvas._chord.apply_async).
  const own = chord.args.map((json) => ({ json, foreign: true as const }));
  const args = chord.immutable ? own : [...given, ...own];
  const body = withIds(bodyOf(chord), { rootId: context.parent.rootId, newId: context.newId });
  const size = members.reduce((total, member) => total + tailsOf(member).length, 0);
  if (size === 0) {
    add(body, { args: [{ json: [] }], chain: [] }, gathered);
    return;
  }
  const waiting = withSize(body, size);
  // n.b. each member will be read with it: better to refuse here, where the whole can be answered.
  if (isDeeper(waiting, maxDepth - 2)) throw unreadable("The body of a chord", `nests deeper than ${maxDepth} levels.`);
  const groupId = headerOf(chord).options.task_id ?? context.newId();
  gathered.chords.push({ groupId, size });
  const place = placing(groupId, waiting);
  for (const member of members) add(place(member), { args, chain: [] }, gathered);
}

/** Tells the tails of a group's members their places, one after the other. */
function placing(groupId: string, body: WireSignature | undefined): (member: WireSignature) => WireSignature {
  let next = 0;
  return (member) =>
    mapTails(member, (tail) =>
      withOptions(tail, { group_id: groupId, group_index: next++, ...(body !== undefined && { chord: body }) }),
    );
}

/** The results of a header as one value: a list, each with its annotations under its place. */
export function joinResults(results: readonly Packed[]): Packed {
  const annotations = new Map<number, Annotations>();
  for (const [index, { meta }] of results.entries()) {
    const own = annotationsOf(meta, `The meta of result ${index}`);
    if (own !== undefined) annotations.set(index, own);
  }
  const json = results.map((result) => result.json ?? null);
  const meta = writeArgsMeta(annotations);
  const foreign = results.some((result) => result.foreign === true);
  return { json, ...(meta !== undefined && { meta }), ...(foreign && { foreign }) };
}

/** The messages that start a chord's body, once all its header's results are there. */
export function outgoingBody(
  part: ChordPart,
  results: readonly Packed[],
  context: Omit<SuccessorContext, "result" | "failure" | "chain">,
): Outgoing {
  return outgoingOf(part.body, { ...context, result: joinResults(results) });
}
