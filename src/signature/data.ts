import type { SignatureOptions } from "./options.ts";
import type { TaskRef } from "./refs.ts";

/**
 * What a signature is made of; frozen, in normal form (see normal-form.ts), and read by the protocol layer only.
 * Every signature but a group ends in one task, its *tail*, whose result is the whole's.
 */
export type SignatureData = MemberData | GroupSignatureData;

/** What a group or a chord's header may hold: whatever has a tail. */
export type MemberData = TaskSignatureData | ChainSignatureData | ChordSignatureData;

export interface TaskSignatureData {
  readonly kind: "task";
  readonly task: TaskRef;
  /** Mutable: every parameter but the first. Immutable: every parameter. */
  readonly args: readonly unknown[];
  /** Of Celery's own tasks only; plain JSON. */
  readonly kwargs?: Readonly<Record<string, unknown>>;
  readonly immutable: boolean;
  readonly options: SignatureOptions;
  readonly link: readonly SignatureData[];
  readonly linkError: readonly SignatureData[];
}

export interface ChainSignatureData {
  readonly kind: "chain";
  /** At least one, and two where there is no `end`. Callbacks of the chain sit on them: `link` on the tail, `linkError` on each. */
  readonly steps: readonly TaskSignatureData[];
  /** What comes last, if that is no task; whatever followed a chord is in its body. */
  readonly end?: ChordSignatureData | GroupSignatureData;
}

export interface GroupSignatureData {
  readonly kind: "group";
  readonly members: readonly MemberData[];
}

export interface ChordSignatureData {
  readonly kind: "chord";
  readonly header: readonly MemberData[];
  /** Receives the list of the header's results. */
  readonly body: SignatureData;
}

/** Whether a parent's result is ignored: a chain is as its first step, a group as all its members, a chord as its header. */
export function isImmutable(data: SignatureData): boolean {
  switch (data.kind) {
    case "task":
      return data.immutable;
    case "chain":
      return data.steps[0]?.immutable ?? true;
    case "group":
      return data.members.every(isImmutable);
    case "chord":
      return data.header.every(isImmutable);
  }
}

/** Every task inside, callbacks and their callbacks too, in the order of sending. */
export function* tasksIn(data: SignatureData): Generator<TaskSignatureData> {
  switch (data.kind) {
    case "task":
      yield data;
      for (const callback of data.link) yield* tasksIn(callback);
      for (const callback of data.linkError) yield* tasksIn(callback);
      return;
    case "chain":
      for (const step of data.steps) yield* tasksIn(step);
      if (data.end !== undefined) yield* tasksIn(data.end);
      return;
    case "group":
      for (const member of data.members) yield* tasksIn(member);
      return;
    case "chord":
      for (const member of data.header) yield* tasksIn(member);
      yield* tasksIn(data.body);
  }
}
