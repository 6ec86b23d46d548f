import {
  decodeResult,
  encodeResult,
  packedResult,
  storedResult,
  type ChordMember,
  type Message,
  type Packed,
  type TaskState,
} from "../../protocol/index.ts";

/** How a chord's member ended, as it was noted in the chord's queue. */
export interface PartMessage {
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
export function encodePartMessage(member: ChordMember, status: TaskState, value: Packed): Message {
  const result = storedResult(member.taskId, status, value);
  return { ...encodeResult(result, chordQueue(member.groupId), member.taskId), headers: { group_index: member.index } };
}

/** @throws LigatureError `UNREADABLE` */
export function decodePartMessage(message: Message): PartMessage {
  const stored = decodeResult(message);
  const index = message.headers["group_index"];
  return {
    message,
    index: typeof index === "number" ? index : Number.NaN,
    succeeded: stored.status === "SUCCESS",
    result: packedResult(stored),
  };
}
