import { longestDuration } from "../../contract/index.ts";
import {
  customHeaders,
  HeaderReader,
  ligatureHeaders,
  maxBoundMeta,
  noHeaders,
  parseIsoDate,
  unreadable,
  type Headers,
} from "../envelope/index.ts";
import {
  marksOf,
  newEmbed,
  newTaskMessage,
  routeOf,
  shownByCelery,
  type WireFailure,
  type TaskMessage,
  type WireSignature,
  type WireSignatureOptions,
} from "../task/index.ts";
import { annotationsOf, plainJson, plainText, readBoundMeta, writeArgsMeta, type Packed } from "../values/index.ts";
import type { OutgoingMessage } from "./outgoing.ts";

/** The request that a successor follows, and what that gives to it. */
export interface SuccessorContext {
  readonly now: number;
  readonly newId: () => string;
  readonly parent: TaskMessage;
  /** The parent's result; given to mutable signatures. */
  readonly result?: Packed | undefined;
  /** Why an error callback is sent. */
  readonly failure?: WireFailure | undefined;
  /** Given for the next step of a chain: the rest of the chain, last first. */
  readonly chain?: readonly WireSignature[] | undefined;
  readonly defaultQueue: string;
}

/** Given to a task by the request or the header before it. */
export interface Given {
  /** Arguments in front of a mutable task's own. */
  readonly args: readonly Packed[];
  /** The steps behind it, each with its id, last one first. */
  readonly chain: readonly WireSignature[];
}

/** The message that starts one task as a successor of a finished request. */
export function successorMessage(signature: WireSignature, given: Given, context: SuccessorContext): OutgoingMessage {
  const { now, newId, parent, failure } = context;
  const { options } = signature;
  const ownHeaders = options.headers === undefined ? noHeaders : (plainJson(options.headers) as Headers);
  const headers = new HeaderReader(ownHeaders);
  const prefix = signature.immutable ? [] : given.args;
  const args = [...prefix.map(({ json }) => json ?? null), ...signature.args];
  const annotations = new Map(readBoundMeta(headers.text(ligatureHeaders.boundMeta, maxBoundMeta), args.length));
  for (const [index, { meta }] of prefix.entries()) {
    const own = annotationsOf(meta, "The result's meta");
    if (own !== undefined) annotations.set(index, own);
  }
  const { eta, delay } = delayOf(
    headers.date("eta") ?? etaIn(headers.moment(ligatureHeaders.countdown), now) ?? etaOf(options, now),
    now,
  );
  const fingerprint = headers.text(ligatureHeaders.fingerprint);
  const message = newTaskMessage({
    id: options.task_id ?? newId(),
    task: signature.task,
    args,
    // Who wrote the parent's arguments wrote its signatures, too. Those of Python have a fingerprint as well where a generated module made them.
    exact: prefix.every(({ foreign }) => foreign !== true) && (parent.exact || signature.args.length === 0),
    kwargs: signature.kwargs,
    embed: newEmbed({
      callbacks: options.link,
      errbacks: options.link_error,
      chain: given.chain,
      chord: options.chord,
      meta: writeArgsMeta(annotations),
      failure,
    }),
    rootId: parent.rootId,
    parentId: parent.id,
    generation: parent.generation,
    eta,
    expires: headers.date("expires") ?? expiresOf(options, now),
    timeLimit: { soft: fromSeconds(options.soft_time_limit), hard: fromSeconds(options.time_limit) },
    ignoreResult: options.ignore_result,
    replyTo: options.reply_to === "" ? undefined : options.reply_to,
    priority: options.priority,
    group: options.group_id === "" ? undefined : options.group_id,
    groupIndex: options.group_index,
    deadline: headers.moment(ligatureHeaders.deadline) ?? (context.chain === undefined ? undefined : parent.deadline),
    fingerprint,
    // A task of Ligature's has a fingerprint.
    marks:
      fingerprint === undefined
        ? { ...marksOf(options), ...shownByCelery({ rootId: parent.rootId, args, kwargs: signature.kwargs }) }
        : marksOf(options),
    headers: customHeaders(ownHeaders),
  });
  return { message, route: routeOf(signature, context.defaultQueue), delay };
}

function delayOf(eta: Date | undefined, now: number): { eta: Date | undefined; delay: number } {
  const delay = eta === undefined ? 0 : eta.getTime() - now;
  return delay > 0 ? { eta, delay: Math.min(delay, longestDuration) } : { eta: undefined, delay: 0 };
}

function etaIn(countdown: number | undefined, now: number): Date | undefined {
  return countdown === undefined || countdown <= 0 ? undefined : dateOf(now + countdown, "countdown");
}

function etaOf({ countdown, eta }: WireSignatureOptions, now: number): Date | undefined {
  return countdown ? dateOf(now + Math.ceil(countdown * 1000), "countdown") : isoDateOf(eta, "eta");
}

function expiresOf({ expires }: WireSignatureOptions, now: number): Date | undefined {
  return typeof expires === "number" ? dateOf(now + Math.ceil(expires * 1000), "expires") : isoDateOf(expires, "expires");
}

function isoDateOf(given: WireSignatureOptions["eta"], option: string): Date | undefined {
  const text = typeof given === "object" ? (plainText(given) ?? "?") : given;
  if (text === undefined || text === "") return undefined;
  return dateOf(parseIsoDate(text), option);
}

function dateOf(time: number | undefined, option: string): Date {
  const date = new Date(time ?? Number.NaN);
  if (Number.isNaN(date.getTime())) throw unreadable(`options.${option}`, "of a signature means no moment in time.");
  return date;
}

function fromSeconds(seconds: number | undefined): number | undefined {
  return seconds === undefined || seconds <= 0 ? undefined : Math.round(seconds * 1000);
}
