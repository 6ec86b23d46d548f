import { LigatureError } from "../../errors/index.ts";
import { chordPartOf, type Embed, type TaskMessage, type WireSignature } from "../../protocol/index.ts";

/** What a worker takes. */
export interface SuccessorLimits {
  /** How many callbacks, members and steps a message may carry, all levels together. */
  readonly maxCallbacks: number;
  /** Whether the members of a chord must say how many they are, since the result backend doesn't know. */
  readonly needsChordSize: boolean;
}

/**
 * Refuses, before the handler runs, what couldn't be sent after it: too many callbacks, or a chord that nobody could
 * join. Afterwards it would be too late to tell anybody.
 * @throws LigatureError `UNREADABLE`
 */
export function checkSuccessors(message: TaskMessage, { maxCallbacks, needsChordSize }: SuccessorLimits): void {
  const { embed } = message;
  if (isNothing(embed)) return;
  const count = countOf([...(embed.callbacks ?? []), ...(embed.errbacks ?? []), ...(embed.chain ?? [])], maxCallbacks);
  // The body travels in each member, and is sent by one of them.
  const total = embed.chord === null ? count : countOf([embed.chord], maxCallbacks, count);
  if (total > maxCallbacks) {
    throw new LigatureError(
      "UNREADABLE",
      `The message carries more than ${maxCallbacks} callbacks, steps and members of groups; this worker takes no more (option maxCallbacks).`,
    );
  }
  if (embed.chord !== null) checkChord(message, needsChordSize);
}

function checkChord(message: TaskMessage, needsChordSize: boolean): void {
  const part = chordPartOf(message);
  if (part === undefined) {
    throw new LigatureError("UNREADABLE", "The message carries the body of a chord, but no id of the group that is its header.");
  }
  const { groupId, index, size } = part;
  if (!needsChordSize || (size !== undefined && index < size)) return;
  if (size !== undefined) {
    throw new LigatureError(
      "UNREADABLE",
      `The message has the place ${index} in the chord ${groupId}, which has ${size} members.`,
    );
  }
  throw new LigatureError(
    "UNREADABLE",
    `The message belongs to the chord ${groupId}, and doesn't say how many members that has: Celery keeps this in Redis. Give this worker's app backend: "redis://…", the one of the Celery app.`,
  );
}

function isNothing({ callbacks, errbacks, chain, chord }: Embed): boolean {
  return callbacks === null && errbacks === null && chain === null && chord === null;
}

const kinds: ReadonlySet<string> = new Set(["chain", "group", "chord", "xmap", "xstarmap", "chunks"]);

/** Stops counting once there are too many: what is nested may be much. */
function countOf(signatures: readonly WireSignature[], limit: number, before = 0): number {
  let count = before;
  const waiting = [...signatures];
  for (let signature = waiting.pop(); signature !== undefined; signature = waiting.pop()) {
    const { subtask_type: kind, kwargs, options } = signature;
    const parts =
      kind === "chord" ? [kwargs["header"], kwargs["body"]] : kind === "chain" || kind === "group" ? kwargs["tasks"] : [];
    if (kind !== null && !kinds.has(kind)) {
      throw new LigatureError("UNREADABLE", `The message has a ${kind} among its callbacks, which is no kind of signature.`);
    }
    // Only what is sent counts, not what holds it together.
    if (kind !== "chord" && kind !== "chain" && kind !== "group") count += 1;
    if (count > limit) return count;
    for (const more of [parts as readonly WireSignature[], options.link ?? [], options.link_error ?? []]) {
      for (const part of more) waiting.push(part);
    }
  }
  return count;
}
