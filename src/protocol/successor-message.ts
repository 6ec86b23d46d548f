import { readBoundMeta, writeArgsMeta, type ArgsAnnotations } from "./args-meta.ts";
import { emptyEmbed } from "./embed-codec.ts";
import { isReservedHeader, ligatureHeaders } from "./header-names.ts";
import { HeaderReader } from "./header-reader.ts";
import { parseIsoDate } from "./iso-date.ts";
import { longestDelay, maxBoundMeta } from "./limits.ts";
import type { Headers, HeaderValue } from "./message.ts";
import { annotationsOf } from "./meta.ts";
import { routeOf } from "./routes.ts";
import { newTaskMessage } from "./task-codec.ts";
import type { Embed, Route, TaskMessage, WireFailure } from "./task-message.ts";
import { unreadable } from "./unreadable.ts";
import type { Packed } from "./values.ts";
import type { WireSignature, WireSignatureOptions } from "./wire-signature.ts";

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

export interface Successor {
  readonly message: TaskMessage;
  readonly route: Route;
  /** Milliseconds to wait in the broker. */
  readonly delay: number;
}

/** What a task is given by whatever comes before it. */
export interface Given {
  /** Arguments in front of a mutable task's own. */
  readonly args: readonly Packed[];
  /** What comes behind it, each with its id, last one first. */
  readonly chain: readonly WireSignature[];
}

/** The message that starts one task as a successor of a finished request. */
export function successorMessage(signature: WireSignature, given: Given, context: SuccessorContext): Successor {
  const { now, newId, parent, failure } = context;
  const { options } = signature;
  const headers = new HeaderReader(options.headers ?? {});
  const prefix = signature.immutable ? [] : given.args;
  const args = [...prefix.map(({ json }) => json ?? null), ...signature.args];
  const annotations = new Map(readBoundMeta(headers.text(ligatureHeaders.boundMeta, maxBoundMeta), args.length));
  for (const [index, { meta }] of prefix.entries()) {
    const own = annotationsOf(meta, "The result's meta");
    if (own !== undefined) annotations.set(index, own);
  }
  const { eta, delay } = delayOf(headers.date("eta") ?? etaOf(options, now), now);
  const fingerprint = headers.text(ligatureHeaders.fingerprint);
  const message = newTaskMessage({
    id: options.task_id ?? newId(),
    task: signature.task,
    args,
    // Only Ligature's signatures have a fingerprint.
    exact: prefix.every(({ foreign }) => foreign !== true) && (fingerprint !== undefined || signature.args.length === 0),
    kwargs: signature.kwargs,
    embed: embedOf(options, given.chain, annotations, failure),
    rootId: parent.rootId,
    parentId: parent.id,
    eta,
    expires: headers.date("expires") ?? expiresOf(options, now),
    timeLimit: { soft: milliseconds(options.soft_time_limit), hard: milliseconds(options.time_limit) },
    ignoreResult: options.ignore_result,
    replyTo: options.reply_to === "" ? undefined : options.reply_to,
    priority: options.priority,
    group: options.group_id === "" ? undefined : options.group_id,
    groupIndex: options.group_index,
    deadline: headers.moment(ligatureHeaders.deadline) ?? (context.chain === undefined ? undefined : parent.deadline),
    fingerprint,
    headers: customHeaders(options.headers),
  });
  return { message, route: routeOf(signature, context.defaultQueue), delay };
}

function embedOf(
  { link, link_error: linkError, chord }: WireSignatureOptions,
  chain: readonly WireSignature[],
  annotations: ArgsAnnotations,
  failure: WireFailure | undefined,
): Embed {
  const meta = writeArgsMeta(annotations);
  if (!link?.length && !linkError?.length && chain.length === 0 && !chord && meta === undefined && failure === undefined) {
    return emptyEmbed;
  }
  return {
    callbacks: link?.length ? link : null,
    errbacks: linkError?.length ? linkError : null,
    chain: chain.length > 0 ? chain : null,
    chord: chord ?? null,
    ...((meta !== undefined || failure !== undefined) && {
      ligature: { ...(meta !== undefined && { meta }), ...(failure !== undefined && { failure }) },
    }),
  };
}

function delayOf(eta: Date | undefined, now: number): { eta: Date | undefined; delay: number } {
  const delay = eta === undefined ? 0 : eta.getTime() - now;
  return delay > 0 ? { eta, delay: Math.min(delay, longestDelay) } : { eta: undefined, delay: 0 };
}

function etaOf({ countdown, eta }: WireSignatureOptions, now: number): Date | undefined {
  return countdown ? dateOf(now + Math.ceil(countdown * 1000), "countdown") : isoDateOf(eta, "eta");
}

function expiresOf({ expires }: WireSignatureOptions, now: number): Date | undefined {
  return typeof expires === "number" ? dateOf(now + Math.ceil(expires * 1000), "expires") : isoDateOf(expires, "expires");
}

function isoDateOf(text: string | undefined, option: string): Date | undefined {
  if (text === undefined || text === "") return undefined;
  return dateOf(parseIsoDate(text), option);
}

function dateOf(time: number | undefined, option: string): Date {
  const date = new Date(time ?? Number.NaN);
  if (Number.isNaN(date.getTime())) throw unreadable(`options.${option}`, "of a signature means no moment in time.");
  return date;
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined || seconds <= 0 ? undefined : Math.round(seconds * 1000);
}

/** JSON is all that a header may hold. */
function customHeaders(headers: Readonly<Record<string, unknown>> | undefined): Headers {
  return Object.fromEntries(
    Object.entries(headers ?? {}).flatMap(([name, value]) => (isReservedHeader(name) ? [] : [[name, value as HeaderValue]])),
  );
}
