import { hostname } from "node:os";
import type { ConsumeMessage, Options } from "amqplib";

/** A success callback in a message: the few of Celery's keys that a worker needs. */
export interface Callback {
  readonly task: string;
  readonly args: readonly unknown[];
  readonly options: { readonly exchange: string; readonly routing_key: string };
}

/** The body of Celery's protocol 2. */
export type Body = [args: readonly unknown[], kwargs: {}, embed: Embed];

interface Embed {
  readonly callbacks: readonly Callback[] | null;
  readonly errbacks: null;
  readonly chain: null;
  readonly chord: null;
}

export interface Result {
  readonly task_id: string;
  readonly status: string;
  readonly result: unknown;
  readonly traceback: null;
  readonly children: readonly never[];
}

export function requestBody(args: readonly unknown[], callbacks: readonly Callback[] | null = null): Buffer {
  const body: Body = [args, {}, { callbacks, errbacks: null, chain: null, chord: null }];
  return Buffer.from(JSON.stringify(body));
}

export function requestOptions(task: string, id: string, replyTo?: string): Options.Publish {
  return {
    persistent: true,
    mandatory: true,
    contentType: "application/json",
    contentEncoding: "utf-8",
    correlationId: id,
    headers: { lang: "js", task, id },
    ...(replyTo !== undefined && { replyTo }),
  };
}

/** Of a host's one process. */
const origin = `gen${process.pid}@${hostname()}`;

/** All headers that Celery 5 gives a task, as its protocol 2 has them. */
export function celeryOptions(task: string, id: string, args: readonly unknown[], replyTo?: string): Options.Publish {
  const options = requestOptions(task, id, replyTo);
  return {
    ...options,
    priority: 0,
    headers: {
      ...options.headers,
      shadow: null,
      eta: null,
      expires: null,
      group: null,
      group_index: null,
      retries: 0,
      timelimit: [null, null],
      root_id: id,
      parent_id: null,
      argsrepr: JSON.stringify(args),
      kwargsrepr: "{}",
      origin,
      ignore_result: replyTo === undefined,
      replaced_task_nesting: 0,
      stamped_headers: null,
      stamps: {},
    },
  };
}

export function resultBody(id: string, result: unknown): Buffer {
  const body: Result = { task_id: id, status: "SUCCESS", result, traceback: null, children: [] };
  return Buffer.from(JSON.stringify(body));
}

export function resultOptions(correlationId: string): Options.Publish {
  return { persistent: true, mandatory: true, contentType: "application/json", contentEncoding: "utf-8", correlationId };
}

export function readBody(message: ConsumeMessage): Body {
  return JSON.parse(message.content.toString()) as Body;
}

export function readResult(message: ConsumeMessage): Result {
  return JSON.parse(message.content.toString()) as Result;
}
