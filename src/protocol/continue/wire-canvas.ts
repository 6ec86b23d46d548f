import { isList, isObject, unreadable } from "../envelope/index.ts";
import type { WireSignature, WireSignatureOptions } from "../task/index.ts";

/** Steps of a chain, members of a group. `decodeSignature` has looked into them. */
export function tasksOf({ kwargs, subtask_type: kind }: WireSignature): readonly WireSignature[] {
  const { tasks } = kwargs;
  if (!isList(tasks)) throw unreadable(`A ${String(kind)} among the callbacks`, "has no list of steps.");
  return tasks as readonly WireSignature[];
}

/** The header of a chord, a group. */
export function headerOf(chord: WireSignature): WireSignature {
  return insideOf(chord, "header");
}

/** A chord's options are its body's, where they aren't its header's: see {@link membersOfChord}. */
export function bodyOf(chord: WireSignature): WireSignature {
  const body = insideOf(chord, "body");
  const { task_id: id, ...own } = chord.options;
  if (id === undefined && Object.keys(own).length === 0) return body;
  return withOptions(body, { ...own, ...(id !== undefined && { task_id: body.options.task_id ?? id }) });
}

function insideOf({ kwargs }: WireSignature, name: "header" | "body"): WireSignature {
  const signature = kwargs[name];
  if (!isObject(signature)) throw unreadable("A chord among the callbacks", `has no ${name}.`);
  return signature as unknown as WireSignature;
}

/** A chord's options of sending go to its members too (celery.canvas._chord.run). */
export function membersOfChord(chord: WireSignature): readonly WireSignature[] {
  const {
    task_id: _id,
    chain: _chain,
    chord: _chord,
    group_id: _groupId,
    group_index: _groupIndex,
    link: _link,
    link_error: _linkError,
    ...sending
  } = chord.options;
  const members = membersOf(headerOf(chord));
  return Object.keys(sending).length === 0 ? members : members.map((member) => withOptions(member, sending));
}

export function withBody(chord: WireSignature, body: WireSignature): WireSignature {
  return { ...chord, kwargs: { ...chord.kwargs, body } };
}

export function withTasks(signature: WireSignature, tasks: readonly WireSignature[]): WireSignature {
  return { ...signature, kwargs: { ...signature.kwargs, tasks } };
}

export function withOptions(signature: WireSignature, options: WireSignatureOptions): WireSignature {
  return { ...signature, options: { ...signature.options, ...options } };
}

export function isTask({ subtask_type: kind }: WireSignature): boolean {
  return kind === null || kind === "xmap" || kind === "xstarmap";
}

/** A chain of one is that one. */
export function wireChainOrOnly(steps: readonly WireSignature[]): WireSignature {
  const [only] = steps;
  return only !== undefined && steps.length === 1 ? only : wireChain(steps);
}

export function wireChain(steps: readonly WireSignature[]): WireSignature {
  return { task: "celery.chain", args: [], kwargs: { tasks: steps }, options: {}, subtask_type: "chain", immutable: false };
}

export function wireChord(header: WireSignature, body: WireSignature): WireSignature {
  return {
    task: "celery.chord",
    args: [],
    kwargs: { header, body, kwargs: {} },
    options: {},
    subtask_type: "chord",
    immutable: false,
  };
}

/**
 * The members of a group, groups inside spliced in as Celery does (celery.canvas.group._prepared): Ligature's groups
 * hold chords instead. What Celery gives to a group's options it gives to each member.
 */
export function membersOf(group: WireSignature): readonly WireSignature[] {
  const { task_id: _id, link: _link, link_error: linkError = [], ...everyone } = group.options;
  const hasOptions = Object.keys(everyone).length > 0;
  return tasksOf(group).flatMap((member) => {
    const given = hasOptions ? withOptions(member, everyone) : member;
    const own = linkError.length > 0 ? withErrbacks(given, linkError) : given;
    return own.subtask_type === "group" ? membersOf(own) : [own];
  });
}

/** As in celery.canvas: of a chord its body's, of a group each member's, of a chain each step's. */
export function withErrbacks(signature: WireSignature, errbacks: readonly WireSignature[]): WireSignature {
  switch (signature.subtask_type) {
    case "group":
      return withTasks(
        signature,
        tasksOf(signature).map((task) => withErrbacks(task, errbacks)),
      );
    case "chord":
      return withBody(signature, withErrbacks(bodyOf(signature), errbacks));
    default:
      return withOptions(signature, { link_error: [...(signature.options.link_error ?? []), ...errbacks] });
  }
}

/** @throws LigatureError `UNREADABLE` for kinds that Celery doesn't have */
export function unknownKind(signature: WireSignature): Error {
  return unreadable(`The ${String(signature.subtask_type)} among the callbacks`, "can't be sent: no signature has that type.");
}

/**
 * A chord's body as its header's members carry it, with the number of them: so each knows when all have come.
 * Celery 4 had the same key at the same place. Celery 5 ignores it, except that it takes a chord's unknown keys for options
 * and hands them on to its publisher. So a body that is a chord is made a chain of that.
 */
export function withSize(body: WireSignature, size: number): WireSignature {
  return { ...(body.subtask_type === "chord" ? wireChain([body]) : body), chord_size: size };
}
