import { milliseconds } from "../../contract/index.ts";
import type { TaskRef, TaskSignatureData } from "../../signature/index.ts";
import type { OutgoingMessage } from "../continue/index.ts";
import { entryRouteOfTask, newEmbed, newTaskMessage, routeOfTask, shownByCelery, type WireSignature } from "../task/index.ts";
import { packArgs } from "../values/index.ts";
import { neverStarts, sendingOptions } from "./sending-options.ts";
import { signatureToWire, type Identity, type Place } from "./signature-to-wire.ts";

/** A message needs this beside its signature. */
export interface TaskToCompose extends Identity {
  readonly id: string;
  readonly now: number;
  readonly parentId: string | undefined;
  /** The later steps, last one first. */
  readonly chain: readonly WireSignature[];
  readonly place: Place | undefined;
  /** Arguments that a mutable task gets before its bound ones. */
  readonly given: readonly unknown[];
}

/**
 * The message of a task that starts at once.
 *
 * The broker holds a delayed message back, and it carries its `eta` all the same: a worker that gets it early, since it
 * was sent past our broker layer, knows to wait.
 */
export function composeTask(data: TaskSignatureData, context: TaskToCompose): OutgoingMessage {
  const { id, now, rootId, parentId, deadline, ignoreResult, replyTo, chain, place, given } = context;
  const { queue, priority, countdown, eta, expires, timeLimit, headers } = sendingOptions(data);
  const { task } = data;
  const delay = countdown ?? delayUntil(task, eta, now);
  const expiry = typeof expires === "number" ? new Date(now + expires) : expires;
  if (delay > 0 && expiry !== undefined && now + delay > expiry.getTime()) throw neverStarts(task.spec.name);
  const { json, meta } = packArgs(task, given.length === 0 || data.immutable ? data.args : [...given, ...data.args]);
  const ignores = ignoreResult ?? (task.spec.ignoreResult ? true : undefined);
  const isOurs = task.spec.queue.owner === "ligature";
  const message = newTaskMessage({
    id,
    task: task.spec.name,
    args: json,
    ...(data.kwargs !== undefined && { kwargs: data.kwargs }),
    embed: newEmbed({
      callbacks: data.link.map(signatureToWire),
      errbacks: data.linkError.map(signatureToWire),
      chain,
      chord: place?.body,
      meta,
    }),
    rootId,
    parentId,
    eta: delay > 0 ? new Date(now + delay) : undefined,
    expires: expiry,
    timeLimit,
    ignoreResult: ignores,
    replyTo: ignores === true ? undefined : replyTo,
    priority,
    group: place?.groupId,
    groupIndex: place?.index,
    // A Python worker has no use for them, and each header costs.
    deadline: isOurs ? deadline : undefined,
    ...(!isOurs && { marks: shownByCelery({ rootId, args: json, kwargs: data.kwargs ?? {} }) }),
    fingerprint: isOurs && task.fingerprint !== "" ? task.fingerprint : undefined,
    ...(headers !== undefined && { headers }),
  });
  const route = queue === undefined && delay === 0 ? entryRouteOfTask(task) : routeOfTask(task, queue);
  return { message, route, delay };
}

function delayUntil(task: TaskRef, eta: Date | undefined, now: number): number {
  if (eta === undefined || eta.getTime() <= now) return 0;
  return milliseconds(eta.getTime() - now, `${task.spec.name}: the time until eta`);
}
