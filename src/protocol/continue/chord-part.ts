import { ChordError } from "../../errors/index.ts";
import { bounded } from "../envelope/index.ts";
import { describeThrown, longestMessage } from "../result/index.ts";
import type { TaskMessage, WireSignature } from "../task/index.ts";
import { tailsOf } from "./wire-tails.ts";

/** A member of a chord's header. */
export interface ChordMember {
  readonly groupId: string;
  /** Its place in the header, from 0; infinity where nothing says it. */
  readonly index: number;
  /** The task whose result is the member's. */
  readonly taskId: string;
  /** How many members the header has, where the message says it: Celery 5 keeps it in its result backend. */
  readonly size: number | undefined;
}

/** A task's part in a chord: the member that it is, or ends, and what waits for the header. */
export interface ChordPart extends ChordMember {
  readonly body: WireSignature;
}

/** The part of a request itself; of a chain that is its last step's, and none of the others has one. */
export function chordPartOf({ id, group, groupIndex, embed }: TaskMessage): ChordPart | undefined {
  if (embed.chord === null || group === undefined) return undefined;
  return newPart(group, groupIndex, id, embed.chord);
}

/** The parts of what will never run, since a step before it has failed: they have failed too. */
export function chordPartsOfChain(chain: readonly WireSignature[]): readonly ChordPart[] {
  return chain.flatMap(tailsOf).flatMap(({ options }) => {
    const { chord, group_id: groupId, group_index: index, task_id: id } = options;
    return chord === undefined || groupId === undefined || id === undefined ? [] : [newPart(groupId, index, id, chord)];
  });
}

function newPart(groupId: string, index: number | undefined, taskId: string, body: WireSignature): ChordPart {
  const { chord_size: size } = body;
  return {
    groupId,
    index: index ?? Number.POSITIVE_INFINITY,
    taskId,
    body,
    size: typeof size === "number" && Number.isSafeInteger(size) && size > 0 ? size : undefined,
  };
}

/** The error of a chord's body whose header has a failed member. Where the task isn't known, its message is Celery's (celery.backends.redis). */
export function chordError(
  { index, taskId, size }: Pick<ChordMember, "index" | "taskId"> & Partial<Pick<ChordMember, "size">>,
  memberTask: string | undefined,
  error: unknown,
): ChordError {
  const { name, message } = describeThrown(error);
  const raised = bounded(message === "" ? name : message.startsWith(name) ? message : `${name}: ${message}`, longestMessage);
  const place = Number.isFinite(index)
    ? `Member ${index + 1}${size === undefined ? "" : ` of ${size}`} of the chord`
    : "A member of the chord";
  return new ChordError({
    message:
      memberTask === undefined
        ? `Dependency ${taskId} raised ${raised}`
        : `${place}, ${memberTask}[${taskId}], failed with ${raised}`,
    member: { index: Number.isFinite(index) ? index : undefined, id: taskId, task: memberTask },
    cause: error,
  });
}
