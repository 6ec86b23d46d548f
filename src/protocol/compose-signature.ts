import { milliseconds } from "../contract/index.ts";
import { LigatureError } from "../errors/index.ts";
import { describe, firstStep, lastStep, type SignatureData, type TaskRef, type TaskSignatureData } from "../signature/index.ts";
import { packArgs } from "./arguments.ts";
import { emptyEmbed } from "./embed-codec.ts";
import { routeOfTask } from "./routes.ts";
import { sendingOptions } from "./sending-options.ts";
import { signatureToWire, stepToWire } from "./signature-to-wire.ts";
import { newTaskMessage } from "./task-codec.ts";
import type { Embed, Route, TaskMessage } from "./task-message.ts";
import type { WireSignature } from "./wire-signature.ts";

/** A signature made ready to send: the first message, its route, and whose result is the whole's. */
export interface Composed {
  readonly message: TaskMessage;
  readonly route: Route;
  /** Milliseconds to wait in the broker (countdown, or eta from `now`). */
  readonly delay: number;
  /** Id of the last step: the id of the AsyncResult. */
  readonly resultId: string;
  /** The task whose result that is. */
  readonly resultTask: TaskRef;
}

export interface ComposeContext {
  readonly now: number;
  readonly newId: () => string;
  readonly replyTo: string | undefined;
  readonly rootId?: string | undefined;
  readonly parentId?: string | undefined;
  readonly deadline?: number | undefined;
  readonly ignoreResult?: boolean | undefined;
  /** The id of the result: a chain's last step gets it. */
  readonly taskId?: string | undefined;
}

/**
 * The message that starts a signature. Of a chain it is the first step's; the others travel in it, last one first, each
 * with its id already, as Celery does (celery.canvas._chain.prepare_steps).
 *
 * The broker holds a delayed message back, and it carries its `eta` all the same: a worker that gets it early, since it
 * was sent past our broker layer, knows to wait.
 * @param context ids to inherit from a running request, reply queue, deadline; `newId` makes UUIDs
 * @throws LigatureError `INVALID_ARGUMENTS` for a mutable signature, `UNREADABLE`, `INVALID_OPTION`
 */
export function composeSignature(data: SignatureData, context: ComposeContext): Composed {
  const first = firstStep(data);
  const last = lastStep(data);
  if (!first.immutable) {
    throw new LigatureError(
      "INVALID_ARGUMENTS",
      `${describe(data)} can't be sent on its own: it was built with .s(...) and waits for a parent's result. Build it with .si(...).`,
    );
  }
  const resultId = context.taskId ?? context.newId();
  const id = first === last ? resultId : context.newId();
  const rootId = context.rootId ?? id;
  const { deadline, ignoreResult, replyTo } = context;
  const chain =
    data.kind === "task" || data.steps.length === 1
      ? null
      : data.steps
          .slice(1)
          .map((step) =>
            stepToWire(step, { id: step === last ? resultId : context.newId(), rootId, replyTo, deadline, ignoreResult }),
          )
          .reverse();

  const { queue, priority, countdown, eta, expires, timeLimit, headers } = sendingOptions(first);
  const { task } = first;
  const delay = countdown ?? delayUntil(task, eta, context.now);
  const { json, meta } = packArgs(task, first.args);
  const ignores = ignoreResult ?? (task.spec.ignoreResult ? true : undefined);
  const isOurs = task.spec.queue.owner === "ligature";
  const message = newTaskMessage({
    id,
    task: task.spec.name,
    args: json,
    embed: embedOf(first, chain, meta),
    rootId,
    parentId: context.parentId,
    eta: delay > 0 ? new Date(context.now + delay) : undefined,
    expires: typeof expires === "number" ? new Date(context.now + expires) : expires,
    timeLimit,
    ignoreResult: ignores,
    replyTo: ignores === true ? undefined : replyTo,
    priority,
    // A Python worker has no use for them, and each header costs.
    deadline: isOurs ? deadline : undefined,
    fingerprint: isOurs ? task.fingerprint : undefined,
    ...(headers !== undefined && { headers }),
  });
  return { message, route: routeOfTask(task, queue), delay, resultId, resultTask: last.task };
}

function delayUntil(task: TaskRef, eta: Date | undefined, now: number): number {
  if (eta === undefined || eta.getTime() <= now) return 0;
  return milliseconds(eta.getTime() - now, `${task.spec.name}: the time until eta`);
}

function embedOf(first: TaskSignatureData, chain: readonly WireSignature[] | null, meta: unknown): Embed {
  const { link, linkError } = first;
  if (link.length === 0 && linkError.length === 0 && chain === null && meta === undefined) return emptyEmbed;
  return {
    callbacks: link.length === 0 ? null : link.map(signatureToWire),
    errbacks: linkError.length === 0 ? null : linkError.map(signatureToWire),
    chain,
    chord: null,
    ...(meta !== undefined && { ligature: { meta } }),
  };
}
