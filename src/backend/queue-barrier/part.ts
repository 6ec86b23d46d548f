import { decodeResult, encodeResult, type Message, type Packed, type TaskState } from "../../protocol/index.ts";
import type { EndedMember } from "../chord-barrier.ts";

/** How a chord's member ended, as it was noted in the chord's queue. */
export interface Part {
  readonly message: Message;
  readonly index: number;
  readonly succeeded: boolean;
  readonly result: Packed;
}

/** The queue in which the parts of a chord are collected. */
export function chordQueue(groupId: string): string {
  return `ligature.chord.${groupId}`;
}

/** A part is a result with the member's place in a header. @throws LigatureError `UNREADABLE` */
export function encodePart(member: EndedMember, status: TaskState, { json, meta }: Packed): Message {
  const result = {
    task_id: member.taskId,
    status,
    result: json ?? null,
    traceback: null,
    children: [],
    ...(meta !== undefined && { ligature: { meta } }),
  };
  return { ...encodeResult(result, chordQueue(member.groupId), member.taskId), headers: { group_index: member.index } };
}

/** @throws LigatureError `UNREADABLE` */
export function decodePart(message: Message): Part {
  const { status, result, ligature } = decodeResult(message);
  const index = message.headers["group_index"];
  return {
    message,
    index: typeof index === "number" ? index : Number.NaN,
    succeeded: status === "SUCCESS",
    result: { json: result, ...(ligature?.meta !== undefined && { meta: ligature.meta }) },
  };
}
