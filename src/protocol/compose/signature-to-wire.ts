import { LigatureError } from "../../errors/index.ts";
import type { SignatureData } from "../../signature/index.ts";
import { formatIsoDate, ligatureHeaders, maxBoundMeta, maxNesting, unreadable } from "../envelope/index.ts";
import { routingOptions, type WireSignature, type WireSignatureOptions } from "../task/index.ts";
import { annotateArgs, writeBoundMeta } from "../values/index.ts";
import { checkDepth } from "./nesting.ts";
import { stepsOfNode, unidentified, type ChainNode, type GroupNode, type Node, type TaskNode } from "./nodes.ts";
import { sendingOptions } from "./sending-options.ts";

/**
 * For embed.callbacks and the like: carries its own routing, so that any worker publishes it rightly.
 * @throws LigatureError `UNREADABLE` for arguments that can't be written, `INVALID_OPTION`
 */
export function signatureToWire(data: SignatureData): WireSignature {
  const node = unidentified(data);
  const wire = nodeToWire(node, undefined);
  checkDepth(node);
  return wire;
}

/** All tasks of a workflow have this in common. With it and their ids they can be awaited before any of them runs. */
export interface Identity {
  readonly rootId: string;
  readonly replyTo: string | undefined;
  readonly deadline: number | undefined;
  readonly ignoreResult: boolean | undefined;
}

/** The place of a group's member, which its tail carries. */
export interface Place {
  readonly groupId: string;
  readonly index: number;
  /** The body that waits for the group, if it is a chord's header. */
  readonly body: WireSignature | undefined;
}

export function nodeToWire(node: Node, identity: Identity | undefined, place?: Place): WireSignature {
  return toWire(node, maxNesting, identity, place);
}

function toWire(node: Node, levels: number, identity: Identity | undefined, place: Place | undefined): WireSignature {
  switch (node.kind) {
    case "task":
      return taskToWire(node, levels, identity, place);
    case "chain":
      return chainToWire(node, levels, identity, place);
    case "group":
      return groupToWire(node, levels, identity);
    case "chord": {
      const header = groupToWire({ ...node, kind: "group", members: node.header }, levels, identity);
      const body = toWire(node.body, levels, identity, place);
      return {
        task: "celery.chord",
        args: [],
        kwargs: { header, body, kwargs: {} },
        options: {},
        subtask_type: "chord",
        immutable: node.immutable,
      };
    }
  }
}

function chainToWire(node: ChainNode, levels: number, identity: Identity | undefined, place: Place | undefined): WireSignature {
  return {
    task: "celery.chain",
    args: [],
    kwargs: {
      tasks: stepsOfNode(node).map((step, index, steps) =>
        toWire(step, levels, identity, index === steps.length - 1 ? place : undefined),
      ),
    },
    options: {},
    subtask_type: "chain",
    // Celery goes by the first step's own flag; the chain says the same, for readers.
    immutable: node.steps[0]?.data.immutable ?? true,
  };
}

/**
 * Celery takes the id of a group's options for the group's. The members' places it writes itself when it starts the
 * group, as we do, so that a body isn't repeated in each.
 */
function groupToWire({ id, members, immutable }: GroupNode, levels: number, identity: Identity | undefined): WireSignature {
  return {
    task: "celery.group",
    args: [],
    kwargs: { tasks: members.map((member) => toWire(member, levels, identity, undefined)) },
    options: id === undefined ? {} : { task_id: id },
    subtask_type: "group",
    immutable,
  };
}

function taskToWire(node: TaskNode, levels: number, identity: Identity | undefined, place: Place | undefined): WireSignature {
  const { data } = node;
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
    kwargs: data.kwargs ?? {},
    options: optionsOf(node, boundMeta, levels, identity, place),
    subtask_type: null,
    immutable,
  };
}

function optionsOf(
  { data, id }: TaskNode,
  boundMeta: string | undefined,
  levels: number,
  identity: Identity | undefined,
  place: Place | undefined,
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
    // Likewise: with options.eta or countdown, a Celery 5.5+ that has quorum queues sends the message through its own delay
    // exchanges to its own default queue, and below a second fails the finished parent (celery.app.base.send_task).
    ...(eta !== undefined && isOurs && { eta: formatIsoDate(eta) }),
    ...(countdown !== undefined && countdown > 0 && isOurs && { [ligatureHeaders.countdown]: String(countdown) }),
    // A Python worker has no use for them, and each header costs.
    ...(isOurs && task.fingerprint !== "" && { [ligatureHeaders.fingerprint]: task.fingerprint }),
    ...(boundMeta !== undefined && { [ligatureHeaders.boundMeta]: boundMeta }),
    // n.b. as digits: a Python worker would send the number on as AMQP type `L`, which amqplib answers by closing the connection.
    ...(isOurs && identity?.deadline !== undefined && { [ligatureHeaders.deadline]: String(identity.deadline) }),
  };
  return {
    ...routingOptions(task, queue),
    ...(id !== undefined && { task_id: id }),
    ...(identity !== undefined && { root_id: identity.rootId }),
    ...(place !== undefined && { group_id: place.groupId, group_index: place.index }),
    ...(place?.body !== undefined && { chord: place.body }),
    ...(replyTo !== undefined && { reply_to: replyTo }),
    ...(priority !== undefined && { priority }),
    ...(countdown !== undefined && !isOurs && { countdown: countdown / 1000 }),
    ...(eta !== undefined && !isOurs && { eta: formatIsoDate(eta) }),
    ...(typeof expires === "number" && { expires: expires / 1000 }),
    ...(timeLimit.hard !== undefined && { time_limit: timeLimit.hard / 1000 }),
    ...(timeLimit.soft !== undefined && { soft_time_limit: timeLimit.soft / 1000 }),
    ...(ignoreResult !== undefined && { ignore_result: ignoreResult }),
    ...(Object.keys(ownHeaders).length > 0 && { headers: ownHeaders }),
    ...(link.length > 0 && { link: link.map((callback) => callbackToWire(callback, levels - 1)) }),
    ...(linkError.length > 0 && { link_error: linkError.map((callback) => callbackToWire(callback, levels - 1)) }),
  };
}

function callbackToWire(callback: SignatureData, levels: number): WireSignature {
  return toWire(unidentified(callback), levels, undefined, undefined);
}
