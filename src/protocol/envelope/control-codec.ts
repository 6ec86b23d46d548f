import { decodeBody, encodeBody, jsonProperties, type EncodedBody } from "./body.ts";
import type { Message } from "./message.ts";
import { isList, isObject, kindOf, unreadable } from "./unreadable.ts";

/** A remote control command, as `celery control` broadcasts it (kombu's pidbox). */
export interface ControlCommand {
  readonly method: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Worker names it is for; null for all. */
  readonly destination: readonly string[] | null;
}

/** @throws LigatureError `UNREADABLE` when the arguments can't be written as JSON */
export function encodeControl(command: ControlCommand): Pick<Message, "headers" | "properties" | "body"> {
  const { method, arguments: given, destination } = command;
  return {
    // kombu's nodes read `clock` (a Lamport clock; 0 changes none), its callers `expires` (0 is never).
    headers: { clock: 0, expires: 0 },
    properties: jsonProperties,
    body: encodeBody({ method, arguments: given, destination, pattern: null, matcher: null }, `The command ${method}`),
  };
}

/**
 * Celery can address workers by a pattern, too; such a command is refused, since with a destination of
 * null every worker would take it for its own.
 * @throws LigatureError `UNREADABLE`
 */
export function decodeControl(message: EncodedBody): ControlCommand {
  const body = decodeBody(message);
  if (!isObject(body)) throw unreadable("The command", `must be an object, not ${kindOf(body)}.`);
  const { method, arguments: given, destination, pattern, matcher } = body;
  if (typeof method !== "string" || method === "") throw unreadable("method", "must be the name of a command.");
  const args = given ?? {};
  if (!isObject(args)) throw unreadable("arguments", `must be an object, not ${kindOf(args)}.`);
  const names = destination ?? [];
  if (!isList(names)) throw unreadable("destination", `must be a list of worker names, not ${kindOf(names)}.`);
  const workers = names.map((name) => {
    if (typeof name !== "string") throw unreadable("destination", `must be a list of worker names, not of ${kindOf(name)}.`);
    return name;
  });
  // As in kombu.pidbox: an empty list is no destination, a pattern counts only with a matcher and without a destination.
  if (workers.length === 0 && Boolean(pattern) && Boolean(matcher)) {
    throw unreadable(
      "pattern",
      `addresses workers by ${JSON.stringify(matcher)}, which isn't supported: name them in destination.`,
    );
  }
  return { method, arguments: args, destination: workers.length === 0 ? null : workers };
}

/**
 * The whole workflow of one root. Celery's workers take it for a `revoke` of the root itself, and no notice of the rest
 * (celery.worker.control, `revoke(state, task_id, terminate, signal, **kwargs)`).
 */
export function revokeRootCommand(rootId: string, terminate: boolean): ControlCommand {
  const { arguments: given, ...command } = revokeCommand([rootId], terminate);
  return { ...command, arguments: { ...given, ligature_roots: [rootId] } };
}

/** Celery's `revoke`; `terminate` also stops the task if it runs. The signal is for Celery's processes only. */
export function revokeCommand(ids: readonly string[], terminate: boolean): ControlCommand {
  return { method: "revoke", arguments: { task_id: ids, terminate, signal: "SIGTERM" }, destination: null };
}
