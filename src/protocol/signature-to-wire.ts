import { LigatureError } from "../errors/index.ts";
import { isImmutable, type SignatureData, type TaskSignatureData } from "../signature/index.ts";
import { annotateArgs } from "./arguments.ts";
import { writeBoundMeta } from "./args-meta.ts";
import { ligatureHeaders } from "./header-names.ts";
import { formatIsoDate } from "./iso-date.ts";
import { maxBoundMeta, maxNesting } from "./limits.ts";
import { routingOptions } from "./routes.ts";
import { sendingOptions } from "./sending-options.ts";
import { unreadable } from "./unreadable.ts";
import type { WireSignature, WireSignatureOptions } from "./wire-signature.ts";

/**
 * For embed.callbacks and the like: carries its own routing, so that any worker publishes it rightly.
 * @throws LigatureError `UNREADABLE` for arguments that can't be written, `INVALID_OPTION`
 */
export function signatureToWire(data: SignatureData): WireSignature {
  return toWire(data, maxNesting);
}

/** What a chain's later step is given before anything of the chain runs, so that its result can be awaited. */
export interface StepIdentity {
  readonly id: string;
  readonly rootId: string;
  readonly replyTo: string | undefined;
  readonly deadline: number | undefined;
  readonly ignoreResult: boolean | undefined;
}

export function stepToWire(step: TaskSignatureData, identity: StepIdentity): WireSignature {
  return taskToWire(step, maxNesting, identity);
}

function toWire(data: SignatureData, levels: number): WireSignature {
  if (data.kind === "task") return taskToWire(data, levels);
  return {
    task: "celery.chain",
    args: [],
    kwargs: { tasks: data.steps.map((step) => taskToWire(step, levels)) },
    options: {},
    subtask_type: "chain",
    // Celery goes by the first step's own flag; this says the same to whoever looks at the chain.
    immutable: isImmutable(data),
  };
}

function taskToWire(data: TaskSignatureData, levels: number, identity?: StepIdentity): WireSignature {
  const { task, immutable } = data;
  if (levels === 0) {
    throw new LigatureError(
      "UNREADABLE",
      `${task.spec.name}: signatures are linked deeper than ${maxNesting} levels inside one another.`,
    );
  }
  const { json, annotations } = annotateArgs(task, data.args, immutable ? 0 : 1);
  const boundMeta = writeBoundMeta(json.length, annotations);
  if (boundMeta !== undefined && boundMeta.length > maxBoundMeta) {
    throw unreadable(
      `${task.spec.name}: the bound arguments`,
      `of a callback need ${boundMeta.length} characters to describe their Dates, Maps and the like; a message header takes ${maxBoundMeta}. Bind an id instead, or make them plain JSON.`,
    );
  }
  return {
    task: task.spec.name,
    args: json,
    kwargs: {},
    options: optionsOf(data, boundMeta, levels, identity),
    subtask_type: null,
    immutable,
  };
}

function optionsOf(
  data: TaskSignatureData,
  boundMeta: string | undefined,
  levels: number,
  identity: StepIdentity | undefined,
): WireSignatureOptions {
  const { task, link, linkError } = data;
  const { queue, priority, countdown, eta, expires, timeLimit, headers } = sendingOptions(data);
  const ignoreResult = identity?.ignoreResult ?? (task.spec.ignoreResult ? true : undefined);
  const replyTo = ignoreResult === true ? undefined : identity?.replyTo;
  const isOurs = task.spec.queue.owner === "ligature";
  const ownHeaders = {
    ...headers,
    // n.b. a date must not stand in options.expires: Celery 5.2 compares it with 0 when it publishes the signature, and
    // the finished parent is stored as FAILURE (celery.app.base.send_task). As a header it replaces Celery's own.
    ...(expires instanceof Date && { expires: formatIsoDate(expires) }),
    // Likewise: with options.eta, a Celery 5.5+ that has quorum queues sends the message through its own delay exchanges
    // to its own default queue. With countdown it does so too, but what is relative can't stand in a header.
    ...(eta !== undefined && isOurs && { eta: formatIsoDate(eta) }),
    // A Python worker has no use for them, and each header costs.
    ...(isOurs && { [ligatureHeaders.fingerprint]: task.fingerprint }),
    ...(boundMeta !== undefined && { [ligatureHeaders.boundMeta]: boundMeta }),
    // n.b. as digits: a Python worker would send the number on as AMQP type `L`, which amqplib answers by closing the connection.
    ...(isOurs && identity?.deadline !== undefined && { [ligatureHeaders.deadline]: String(identity.deadline) }),
  };
  return {
    ...routingOptions(task, queue),
    ...(identity !== undefined && { task_id: identity.id, root_id: identity.rootId }),
    ...(replyTo !== undefined && { reply_to: replyTo }),
    ...(priority !== undefined && { priority }),
    ...(countdown !== undefined && { countdown: countdown / 1000 }),
    ...(eta !== undefined && !isOurs && { eta: formatIsoDate(eta) }),
    ...(typeof expires === "number" && { expires: expires / 1000 }),
    ...(timeLimit.hard !== undefined && { time_limit: timeLimit.hard / 1000 }),
    ...(timeLimit.soft !== undefined && { soft_time_limit: timeLimit.soft / 1000 }),
    ...(ignoreResult !== undefined && { ignore_result: ignoreResult }),
    ...(Object.keys(ownHeaders).length > 0 && { headers: ownHeaders }),
    ...(link.length > 0 && { link: link.map((callback) => toWire(callback, levels - 1)) }),
    ...(linkError.length > 0 && { link_error: linkError.map((callback) => toWire(callback, levels - 1)) }),
  };
}
