import {
  decodeExactBody,
  encodeBody,
  isList,
  isObject,
  jsonProperties,
  kindOf,
  unreadable,
  type EncodedBody,
  type Message,
} from "../envelope/index.ts";
import { annotationsOf } from "../values/index.ts";
import type { StoredResult, TaskState } from "./stored-result.ts";

/**
 * The message for a reply queue (default exchange, routing key = the queue).
 * @throws LigatureError `UNREADABLE` when the result can't be written as JSON
 */
export function encodeResult(result: StoredResult, replyTo: string, correlationId: string | undefined): Message {
  return {
    exchange: "",
    routingKey: replyTo,
    headers: {},
    properties: { ...jsonProperties, ...(correlationId !== undefined && { correlationId }) },
    body: encodeBody(result, `The result of task ${result.task_id}`),
  };
}

const states: ReadonlySet<string> = new Set<TaskState>([
  "PENDING",
  "RECEIVED",
  "STARTED",
  "PROGRESS",
  "RETRY",
  "SUCCESS",
  "FAILURE",
  "REVOKED",
]);

function isState(status: string): status is TaskState {
  return states.has(status);
}

/**
 * Reads any result of Celery or Ligature. A state that a Python task made up with `update_state()` is a report on its
 * way, so it reads as PROGRESS.
 * @throws LigatureError `UNREADABLE` saying which part is wrong.
 */
export function decodeResult(message: EncodedBody, maxPayload?: number): StoredResult {
  const body = decodeExactBody(message, maxPayload);
  if (!isObject(body)) throw unreadable("The result", `must be an object, not ${kindOf(body)}.`);
  const { task_id: id, status, result, traceback, children, date_done: done, ligature } = body;
  if (typeof id !== "string" || id === "") throw unreadable("task_id", "must be the id of a task.");
  if (typeof status !== "string" || status === "") throw unreadable("status", "must be the name of a state.");
  const own = isObject(ligature) ? ligature : {};
  const meta = own["meta"] ?? undefined;
  const fingerprint = typeof own["fingerprint"] === "string" ? own["fingerprint"] : undefined;
  if (annotationsOf(meta, "ligature.meta") === undefined && ligature !== undefined && !isObject(ligature)) {
    throw unreadable("ligature", `must be an object, not ${kindOf(ligature)}.`);
  }
  return {
    task_id: id,
    status: isState(status) ? status : "PROGRESS",
    result: result ?? null,
    traceback: typeof traceback === "string" ? traceback : null,
    children: isList(children) ? children : [],
    ...(typeof done === "string" && { date_done: done }),
    ...((fingerprint !== undefined || meta !== undefined) && {
      ligature: { ...(fingerprint !== undefined && { fingerprint }), ...(meta !== undefined && { meta }) },
    }),
  };
}
