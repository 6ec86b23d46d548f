import type { Headers, HeaderValue } from "./message.ts";

/** Headers of Celery 4 to 5.6 and kombu. Those that a task message doesn't carry are for display, or for Python only. */
const celery: ReadonlySet<string> = new Set([
  "lang",
  "task",
  "id",
  "shadow",
  "eta",
  "expires",
  "group",
  "group_index",
  "retries",
  "timelimit",
  "root_id",
  "parent_id",
  "argsrepr",
  "kwargsrepr",
  "origin",
  "ignore_result",
  "replaced_task_nesting",
  "stamped_headers",
  "stamps",
  "compression",
]);

/**
 * Headers that no broker takes from a publisher: RabbitMQ's own notes about earlier deliveries, which RabbitMQ
 * before 4.0.1 takes for a cycle of dead letters and drops the message (celery#10111), and its two headers that
 * send copies to further queues, which close the channel when they aren't lists.
 */
export const brokerHeaders: ReadonlySet<string> = new Set([
  "x-death",
  "x-first-death-exchange",
  "x-first-death-queue",
  "x-first-death-reason",
  "x-last-death-exchange",
  "x-last-death-queue",
  "x-last-death-reason",
  "x-delivery-count",
  "x-acquired-count",
  "CC",
  "BCC",
]);
/** The delay plugin acts on this one: sent again, a message would be delayed once more. */
const delayHeader = "x-delay";
const brokerPrefixes = ["x-first-death-", "x-last-death-", "x-opt-", "x-stream-"];

/** Whether Celery, Ligature or the broker owns a header, so that it is none of the user's. */
export function isReservedHeader(name: string): boolean {
  return (
    celery.has(name) ||
    brokerHeaders.has(name) ||
    name === delayHeader ||
    name.startsWith("ligature-") ||
    name === "__proto__" ||
    (name.startsWith("x-") && brokerPrefixes.some((prefix) => name.startsWith(prefix)))
  );
}

/** Those of Celery's that say something about the task and nothing about its run: whoever sends it again copies them. */
const marks = ["shadow", "stamped_headers", "stamps", "replaced_task_nesting"] as const;

/** The {@link marks} among headers, as they came. */
export function markHeaders(headers: Readonly<Record<string, unknown>>): Headers {
  let found: Record<string, HeaderValue> | undefined;
  for (const name of marks) {
    const value = Object.hasOwn(headers, name) ? (headers[name] as HeaderValue | undefined) : undefined;
    // Celery writes all of them, mostly empty.
    if (!value || (typeof value === "object" && Object.keys(value).length === 0)) continue;
    (found ??= {})[name] = value;
  }
  return found ?? noHeaders;
}

export const noHeaders: Headers = Object.freeze({});

/** The headers that neither Celery nor Ligature nor a broker owns. JSON is all that they may hold. */
export function customHeaders(headers: Readonly<Record<string, unknown>>): Headers {
  let custom: Record<string, HeaderValue> | undefined;
  for (const name of Object.keys(headers)) {
    const value = headers[name] as HeaderValue | undefined;
    if (value !== undefined && !isReservedHeader(name)) (custom ??= {})[name] = value;
  }
  return custom ?? noHeaders;
}

/** Our own headers. */
export const ligatureHeaders = {
  /** Epoch milliseconds; a string of digits in `options.headers`, since Python writes large integers in a form that others misread. */
  deadline: "ligature-deadline",
  /** Of a signature: milliseconds to wait, as digits, from when a worker of Ligature gets the message or sends it itself. */
  countdown: "ligature-countdown",
  fingerprint: "ligature-fingerprint",
  boundMeta: "ligature-meta",
  /** How often a worker was lost that held the message; there, with 0, where it was delivered before and no worker was lost. */
  losses: "ligature-losses",
  /** How often while the request ran alone. */
  lossesAlone: "ligature-losses-alone",
  /** Of a send that runs once: when its window ends, epoch milliseconds as digits, a space, its key. */
  once: "ligature-once",
  /** How often the request was sent again from the dead letters: what it then sends is new. */
  generation: "ligature-generation",
  /** Set by the broker layer in place of headers that it could not decode. */
  damaged: "ligature-damaged-headers",
} as const;
