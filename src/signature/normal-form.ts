import { LigatureError } from "../errors/index.ts";
import { accumulateTask } from "./builtin-tasks.ts";
import type {
  ChainSignatureData,
  ChordSignatureData,
  GroupSignatureData,
  MemberData,
  SignatureData,
  TaskSignatureData,
} from "./data.ts";
import type { TaskRef } from "./refs.ts";

/**
 * Celery's rules of composing, applied while composing: a chain in a chain is spliced, a group that is followed by
 * something is a chord's header, and what follows a chord belongs to its body.
 */
export function chainOf(parts: readonly SignatureData[]): SignatureData {
  const [first, ...others] = parts;
  if (first === undefined) throw new LigatureError("INVALID_ARGUMENTS", "chain() needs at least one signature.");
  return others.reduce<SignatureData>(followedBy, first);
}

function followedBy(first: SignatureData, next: SignatureData): SignatureData {
  switch (first.kind) {
    case "task":
      return chainFrom([first], next);
    case "chain":
      return first.end === undefined ? chainFrom(first.steps, next) : chain(first.steps, atEnd(followedBy(first.end, next)));
    case "group":
      return chordOf(first.members, next);
    case "chord":
      return chordOf(first.header, followedBy(first.body, next));
  }
}

function chainFrom(steps: readonly TaskSignatureData[], next: SignatureData): ChainSignatureData {
  if (next.kind === "task") return chain([...steps, next]);
  return next.kind === "chain" ? chain([...steps, ...next.steps], next.end) : chain(steps, next);
}

function chain(steps: readonly TaskSignatureData[], end?: ChordSignatureData | GroupSignatureData): ChainSignatureData {
  return Object.freeze({ kind: "chain", steps: Object.freeze(steps), ...(end !== undefined && { end }) });
}

/** What follows a chord or a group makes a chord. */
function atEnd(data: SignatureData): ChordSignatureData {
  if (data.kind !== "chord") throw new TypeError("What follows a chord or a group makes a chord.");
  return data;
}

export function chordOf(header: readonly MemberData[], body: SignatureData): ChordSignatureData {
  return Object.freeze({ kind: "chord", header: Object.freeze(header), body });
}

export function groupOf(members: readonly SignatureData[]): GroupSignatureData {
  const near = members.map(anyTask).find((task) => task !== undefined);
  return Object.freeze({ kind: "group", members: Object.freeze(members.map((member) => joined(member, near))) });
}

/**
 * The same with a tail: where a group stands at the end, its results are joined by Celery's own task
 * `celery.accumulate`, which returns the list that it gets, and which every worker has.
 * @param near whose queue is taken for an empty group
 */
export function joined(data: SignatureData, near?: TaskRef): MemberData {
  switch (data.kind) {
    case "task":
      return data;
    case "chain":
      return data.end === undefined ? data : chain(data.steps, atEnd(joined(data.end, near ?? data.steps.at(-1)?.task)));
    case "group":
      return chordOf(data.members, accumulated(data.members, near));
    case "chord": {
      const body = joined(data.body, near ?? anyTask(data));
      return body === data.body ? data : chordOf(data.header, body);
    }
  }
}

function accumulated(members: readonly MemberData[], near: TaskRef | undefined): TaskSignatureData {
  const tails = members.map((member) => tailOf(member).task);
  const host = tails[0] ?? near;
  if (host === undefined) {
    throw new LigatureError(
      "INVALID_ARGUMENTS",
      "An empty group can't be followed by anything here: nothing says in which queue its empty list is passed on. Leave the group out where it has no members.",
    );
  }
  return Object.freeze({
    kind: "task",
    task: accumulateTask(tails, host),
    args: [],
    kwargs: { index: 0 },
    immutable: false,
    options: {},
    link: [],
    linkError: [],
  });
}

/** The task whose result is the whole's. */
export function tailOf(data: SignatureData): TaskSignatureData {
  switch (data.kind) {
    case "task":
      return data;
    case "chain": {
      const last = data.end === undefined ? data.steps.at(-1) : tailOf(data.end);
      if (last === undefined) throw new TypeError("A chain has at least one step.");
      return last;
    }
    case "chord":
      return tailOf(data.body);
    case "group":
      throw new TypeError("A group has no tail before it is joined.");
  }
}

/** Some task inside that surely has a queue. */
function anyTask(data: SignatureData): TaskRef | undefined {
  switch (data.kind) {
    case "task":
      return data.task;
    case "chain":
      return data.steps[0]?.task;
    case "group":
      return firstOf(data.members);
    case "chord":
      return firstOf(data.header) ?? anyTask(data.body);
  }
}

function firstOf(members: readonly MemberData[]): TaskRef | undefined {
  return members[0] === undefined ? undefined : anyTask(members[0]);
}
