import type { Message } from "./message.ts";
/** A remote control command, as `celery control` broadcasts it (kombu's pidbox). */
export interface ControlCommand {
  readonly method: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Worker names it is for; null for all. */
  readonly destination: readonly string[] | null;
}
export function encodeControl(command: ControlCommand): Pick<Message, "headers" | "properties" | "body"> {
  throw new Error(String(command));
}
/** @throws LigatureError `UNREADABLE` */
export function decodeControl(message: Pick<Message, "body" | "properties">): ControlCommand {
  throw new Error(String(message));
}
