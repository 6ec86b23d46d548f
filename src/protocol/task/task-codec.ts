import { Buffer } from "node:buffer";
import {
  customHeaders,
  decodeExactBody,
  encodeBody,
  formatIsoDate,
  HeaderReader,
  isList,
  isObject,
  isReservedHeader,
  jsonProperties,
  kindOf,
  ligatureHeaders,
  markHeaders,
  maxBoundMeta,
  noHeaders,
  stringify,
  shortTextProblem,
  unreadable,
  type Headers,
  type HeaderValue,
  type Message,
} from "../envelope/index.ts";
import { decodeEmbed, emptyEmbed } from "./embed-codec.ts";
import type { OnceMark, Route, TaskMessage } from "./task-message.ts";

const noKwargs: TaskMessage["kwargs"] = Object.freeze({});
const noTimeLimit: TaskMessage["timeLimit"] = Object.freeze({ soft: undefined, hard: undefined });

/** No other client's. */
const exactLang = "ts";

/** A message with defaults for all that is not given: embed of nulls, root id = id, no retries. */
export function newTaskMessage(given: Pick<TaskMessage, "id" | "task"> & Partial<TaskMessage>): TaskMessage {
  return {
    id: given.id,
    task: given.task,
    args: given.args ?? [],
    exact: given.exact ?? true,
    kwargs: given.kwargs ?? noKwargs,
    embed: given.embed ?? emptyEmbed,
    rootId: given.rootId ?? given.id,
    parentId: given.parentId,
    retries: given.retries ?? 0,
    eta: given.eta,
    countdown: given.countdown,
    expires: given.expires,
    timeLimit: given.timeLimit ?? noTimeLimit,
    ignoreResult: given.ignoreResult,
    replyTo: given.replyTo,
    correlationId: given.correlationId ?? given.id,
    priority: given.priority,
    group: given.group,
    groupIndex: given.groupIndex,
    deadline: given.deadline,
    generation: given.generation ?? 0,
    once: given.once,
    fingerprint: given.fingerprint,
    boundMeta: given.boundMeta,
    marks: given.marks ?? noHeaders,
    headers: given.headers ?? noHeaders,
  };
}

/** Writes only the headers that carry something: each costs both ends and the broker. */
export function encodeTask(message: TaskMessage, route: Route): Message {
  return {
    exchange: route.exchange,
    routingKey: route.routingKey,
    headers: encodeHeaders(message),
    properties: {
      ...jsonProperties,
      correlationId: message.correlationId,
      ...(message.replyTo !== undefined && { replyTo: message.replyTo }),
      ...(message.priority !== undefined && { priority: message.priority }),
    },
    body: encodeTaskBody(message),
  };
}

/**
 * Celery's AMQP property `expiration` is left out on purpose: with it RabbitMQ drops an expired request silently,
 * and its caller waits for ever. The worker reads the `expires` header and answers.
 */
function encodeHeaders(message: TaskMessage): Headers {
  const headers: Record<string, HeaderValue> = {
    // Celery's workers copy `lang` and never look at it (celery.worker.strategy); it says who wrote the arguments.
    lang: message.exact ? exactLang : "js",
    task: message.task,
    id: message.id,
  };
  // A worker takes a missing root id for the task's own (celery.app.trace).
  if (message.rootId !== message.id) headers["root_id"] = message.rootId;
  if (message.parentId !== undefined) headers["parent_id"] = message.parentId;
  if (message.retries > 0) headers["retries"] = message.retries;
  if (message.eta !== undefined) headers["eta"] = formatIsoDate(message.eta);
  if (message.countdown !== undefined) headers[ligatureHeaders.countdown] = String(message.countdown);
  if (message.expires !== undefined) headers["expires"] = formatIsoDate(message.expires);
  const { hard, soft } = message.timeLimit;
  if (hard !== undefined || soft !== undefined) headers["timelimit"] = [seconds(hard), seconds(soft)];
  if (message.ignoreResult !== undefined) headers["ignore_result"] = message.ignoreResult;
  if (message.group !== undefined) headers["group"] = message.group;
  if (message.groupIndex !== undefined) headers["group_index"] = message.groupIndex;
  if (message.deadline !== undefined) headers[ligatureHeaders.deadline] = message.deadline;
  if (message.generation > 0) headers[ligatureHeaders.generation] = message.generation;
  if (message.once !== undefined) headers[ligatureHeaders.once] = writeOnce(message.once);
  if (message.fingerprint !== undefined) headers[ligatureHeaders.fingerprint] = message.fingerprint;
  if (message.boundMeta !== undefined) headers[ligatureHeaders.boundMeta] = message.boundMeta;
  for (const name in message.marks) headers[name] = message.marks[name] ?? null;
  for (const name in message.headers) {
    const value = message.headers[name];
    if (value !== undefined && !isReservedHeader(name)) headers[name] = value;
  }
  return headers;
}

function onceMark(header: string | undefined): OnceMark | undefined {
  if (header === undefined) return undefined;
  const [, until, optional, key] = /^(\d{1,15})(\??) (.+)$/s.exec(header) ?? [];
  if (key === undefined) throw unreadable(`Header "${ligatureHeaders.once}"`, "must be milliseconds, a space and a key.");
  return { until: Number(until), key, ...(optional === "?" && { optional: true }) };
}

function writeOnce({ until, key, optional }: OnceMark): string {
  return `${until}${optional === true ? "?" : ""} ${key}`;
}

function seconds(milliseconds: number | undefined): number | null {
  return milliseconds === undefined ? null : milliseconds / 1000;
}

/** Most messages have neither kwargs nor an embed; the end of their body is always the same. */
const plainTail = `,{},${JSON.stringify(emptyEmbed)}]`;

function encodeTaskBody({ task, args, kwargs, embed }: TaskMessage): Uint8Array {
  const what = `The request for ${task}`;
  if (embed === emptyEmbed && kwargs === noKwargs) return Buffer.from(`[${stringify(args, what)}${plainTail}`);
  const { callbacks, errbacks, chain, chord, ligature } = embed;
  const hasOwn = ligature?.meta !== undefined || ligature?.failure !== undefined || ligature?.lastRun !== undefined;
  const own = hasOwn ? ligature : undefined;
  return encodeBody([args, kwargs, { callbacks, errbacks, chain, chord, ...(own !== undefined && { ligature: own }) }], what);
}

/**
 * Reads any message of protocol 2, from Celery 4 on or from Ligature; nothing in it is trusted.
 * @param maxPayload bytes of the body, also after decompression. Default: 64 MiB
 * @throws LigatureError `UNREADABLE` saying which part is wrong.
 */
export function decodeTask(message: Message, maxPayload?: number): TaskMessage {
  if (Object.hasOwn(message.headers, ligatureHeaders.damaged)) {
    throw unreadable(
      "The headers",
      `can't be decoded: ${JSON.stringify(message.headers[ligatureHeaders.damaged]).slice(0, 200)}`,
    );
  }
  const headers = new HeaderReader(message.headers);
  const task = headers.required("task");
  const id = headers.requiredId("id");
  const body = decodeExactBody(message, maxPayload);
  if (!isList(body) || body.length !== 3) throw unreadable("The body", "must be [args, kwargs, embed].");
  const [given, named, embed] = body;
  const args = given ?? [];
  if (!isList(args)) throw unreadable("args", `must be an array, not ${kindOf(args)}.`);
  const kwargs = named ?? noKwargs;
  if (!isObject(kwargs)) throw unreadable("kwargs", `must be an object, not ${kindOf(kwargs)}.`);
  const { correlationId, replyTo, priority } = message.properties;
  for (const [name, value] of Object.entries({ correlation_id: correlationId, reply_to: replyTo })) {
    const problem = value === undefined ? undefined : shortTextProblem(value);
    if (problem !== undefined) throw unreadable(`The property ${name}`, `${problem}.`);
  }
  return {
    id,
    task,
    args,
    exact: message.headers["lang"] === exactLang,
    kwargs: Object.keys(kwargs).length === 0 ? noKwargs : kwargs,
    embed: decodeEmbed(embed),
    rootId: headers.text("root_id") ?? id,
    parentId: headers.text("parent_id"),
    retries: headers.count("retries") ?? 0,
    eta: headers.date("eta"),
    countdown: headers.moment(ligatureHeaders.countdown),
    expires: headers.date("expires"),
    timeLimit: headers.timeLimit("timelimit"),
    ignoreResult: headers.flag("ignore_result"),
    // Celery writes "" when there is none.
    replyTo: replyTo === "" ? undefined : replyTo,
    correlationId: correlationId || id,
    priority,
    group: headers.groupId("group"),
    groupIndex: headers.count("group_index"),
    deadline: headers.moment(ligatureHeaders.deadline),
    generation: headers.count(ligatureHeaders.generation) ?? 0,
    once: onceMark(headers.text(ligatureHeaders.once)),
    fingerprint: headers.text(ligatureHeaders.fingerprint),
    boundMeta: headers.text(ligatureHeaders.boundMeta, maxBoundMeta),
    marks: markHeaders(message.headers),
    headers: customHeaders(message.headers),
  };
}
