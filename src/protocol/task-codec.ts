import type { Message } from "./message.ts";
import type { Route, TaskMessage } from "./task-message.ts";

/** A message with defaults for all that is not given: embed of nulls, root id = id, no retries. */
export function newTaskMessage(given: Pick<TaskMessage, "id" | "task"> & Partial<TaskMessage>): TaskMessage {
  throw new Error(String(given));
}
/** Writes only the headers that carry something: each costs both ends and the broker. */
export function encodeTask(message: TaskMessage, route: Route): Message {
  throw new Error(String([message, route]));
}
/** @throws LigatureError `UNREADABLE` saying which part is wrong. */
export function decodeTask(message: Message): TaskMessage {
  throw new Error(String(message));
}
