import type { TaskMessage, WireSignature } from "../task/index.ts";
import { tailsOf } from "./wire-tails.ts";

/** A task's part in a chord: it is a member of the header, or the last of one. */
export interface ChordPart {
  readonly groupId: string;
  /** Its place in the header, from 0; infinity where nothing says it. */
  readonly index: number;
  /** The task whose result is the member's. */
  readonly taskId: string;
  /** What waits for the header. */
  readonly body: WireSignature;
  /** How many members the header has, where the message says it: Celery 5 keeps it in its result backend. */
  readonly size: number | undefined;
}

/** The part of a request itself; of a chain that is its last step's, and none of the others has one. */
export function chordPartOf({ id, group, groupIndex, embed }: TaskMessage): ChordPart | undefined {
  if (embed.chord === null || group === undefined) return undefined;
  return partOf(group, groupIndex, id, embed.chord);
}

/** The parts of what will never run, since a step before it has failed: they have failed too. */
export function chordPartsOfChain(chain: readonly WireSignature[]): readonly ChordPart[] {
  return chain.flatMap(tailsOf).flatMap(({ options }) => {
    const { chord, group_id: groupId, group_index: index, task_id: id } = options;
    return chord === undefined || groupId === undefined || id === undefined ? [] : [partOf(groupId, index, id, chord)];
  });
}

function partOf(groupId: string, index: number | undefined, taskId: string, body: WireSignature): ChordPart {
  const { chord_size: size } = body;
  return {
    groupId,
    index: index ?? Number.POSITIVE_INFINITY,
    taskId,
    body,
    size: typeof size === "number" && Number.isSafeInteger(size) && size > 0 ? size : undefined,
  };
}
