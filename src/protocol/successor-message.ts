import { readBoundMeta, writeArgsMeta, type ArgsAnnotations } from "./args-meta.ts";
import { decodeSignature, emptyEmbed } from "./embed-codec.ts";
import { isReservedHeader, ligatureHeaders } from "./header-names.ts";
import { HeaderReader } from "./header-reader.ts";
import { parseIsoDate } from "./iso-date.ts";
import { longestDelay, maxBoundMeta } from "./limits.ts";
import type { Headers, HeaderValue } from "./message.ts";
import { annotationsOf } from "./meta.ts";
import { routeOf } from "./routes.ts";
import { newTaskMessage } from "./task-codec.ts";
import type { Embed, Route, TaskMessage, WireFailure } from "./task-message.ts";
import { isList, unreadable } from "./unreadable.ts";
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

/**
 * The message that a worker publishes for a callback, error callback or next chain step of a finished request.
 *
 * - A mutable callback gets the parent's result as first argument; a mutable error callback, which only a Celery app
 *   can have made, the failed task's id, as Celery sends it (celery.backends.base._call_task_errbacks).
 * - A chain as callback becomes its first step, which carries the others before what is left of the parent's chain.
 * - The parent's deadline goes on to the next step of its chain, since its caller awaits that. A callback has nobody
 *   who waits for it, and must run however late it is.
 * @throws LigatureError `UNREADABLE` for kinds of signature that can't be sent yet, and for malformed options
 */
export function successorMessage(signature: WireSignature, context: SuccessorContext): Successor {
  const { now, newId, parent, result, failure, chain = [] } = context;
  const [first, ...rest] = stepsOf(signature);
  if (first === undefined) throw unreadable(`The chain in ${signature.task}`, "has no steps.");
  const { options } = first;
  const headers = new HeaderReader(options.headers ?? {});
  const prefix = first.immutable ? [] : result !== undefined ? [result.json ?? null] : failure !== undefined ? [parent.id] : [];
  const args = [...prefix, ...first.args];
  const annotations = new Map(readBoundMeta(headers.text(ligatureHeaders.boundMeta, maxBoundMeta), args.length));
  const ofResult = first.immutable ? undefined : annotationsOf(result?.meta, "The result's meta");
  if (ofResult !== undefined) annotations.set(0, ofResult);
  const later = rest.map((step) => withOptions(step, { task_id: step.options.task_id ?? newId(), root_id: parent.rootId }));
  const { eta, delay } = delayOf(headers.date("eta") ?? etaOf(options, now), now);
  const message = newTaskMessage({
    id: options.task_id ?? newId(),
    task: first.task,
    args,
    kwargs: first.kwargs,
    embed: embedOf(options, [...chain, ...later.reverse()], annotations, failure),
    rootId: parent.rootId,
    parentId: parent.id,
    eta,
    expires: headers.date("expires") ?? expiresOf(options, now),
    timeLimit: { soft: milliseconds(options.soft_time_limit), hard: milliseconds(options.time_limit) },
    ignoreResult: options.ignore_result,
    replyTo: options.reply_to === "" ? undefined : options.reply_to,
    priority: options.priority,
    group: textOf(options["group_id"]),
    groupIndex: typeof options["group_index"] === "number" ? options["group_index"] : undefined,
    deadline: headers.moment(ligatureHeaders.deadline) ?? (context.chain === undefined ? undefined : parent.deadline),
    fingerprint: headers.text(ligatureHeaders.fingerprint),
    headers: customHeaders(options.headers),
  });
  return { message, route: routeOf(first, context.defaultQueue), delay };
}

/** A chain's steps, nested chains spliced in; a task is a chain of one. */
function stepsOf(signature: WireSignature): readonly WireSignature[] {
  const { subtask_type: kind, kwargs, args, options } = signature;
  if (kind === null) return [signature];
  if (kind !== "chain") {
    throw unreadable(`The ${kind} among the callbacks`, "can't be sent: this version of Ligature sends tasks and chains only.");
  }
  const tasks = kwargs["tasks"];
  if (!isList(tasks)) throw unreadable("A chain among the callbacks", "has no list of steps.");
  const steps = tasks.flatMap((task, index) => stepsOf(decodeSignature(task, `chain step ${index + 1}`)));
  // As in celery.canvas._chain.run: `link` is the last step's, `link_error` every step's, the rest is the first's.
  const { link = [], link_error: linkError = [], task_id: id, ...firstOnly } = options;
  return steps.map((step, index) => {
    const isFirst = index === 0;
    const isLast = index === steps.length - 1;
    const merged = withOptions(step, {
      ...(isFirst && firstOnly),
      ...(isLast && id !== undefined && { task_id: id }),
      ...(isLast && link.length > 0 && { link: [...(step.options.link ?? []), ...link] }),
      ...(linkError.length > 0 && { link_error: [...(step.options.link_error ?? []), ...linkError] }),
    });
    return isFirst && !step.immutable && args.length > 0 ? { ...merged, args: [...args, ...step.args] } : merged;
  });
}

function withOptions(signature: WireSignature, options: WireSignatureOptions): WireSignature {
  return { ...signature, options: { ...signature.options, ...options } };
}

function embedOf(
  { link, link_error: linkError, ["chord"]: chord }: WireSignatureOptions,
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
    chord: chord ? decodeSignature(chord, "options.chord") : null,
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

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** JSON is all that a header may hold. */
function customHeaders(headers: Readonly<Record<string, unknown>> | undefined): Headers {
  return Object.fromEntries(
    Object.entries(headers ?? {}).flatMap(([name, value]) => (isReservedHeader(name) ? [] : [[name, value as HeaderValue]])),
  );
}
