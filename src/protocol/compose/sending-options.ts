import { milliseconds, type Duration } from "../../contract/index.ts";
import { LigatureError } from "../../errors/index.ts";
import type { TaskRef, TaskSignatureData } from "../../signature/index.ts";
import { isReservedHeader, type Headers } from "../envelope/index.ts";

/** A signature's options and its contract's, merged and checked. Times are milliseconds. */
export interface SendingOptions {
  readonly queue: string | undefined;
  readonly priority: number | undefined;
  readonly countdown: number | undefined;
  readonly eta: Date | undefined;
  readonly expires: number | Date | undefined;
  readonly timeLimit: { readonly soft: number | undefined; readonly hard: number | undefined };
  readonly headers: Headers | undefined;
}

/** @throws LigatureError `INVALID_OPTION` */
export function sendingOptions({ task, options }: TaskSignatureData): SendingOptions {
  const { spec } = task;
  const { queue, countdown, eta, expires, headers } = options;
  if (queue !== undefined && (typeof queue !== "string" || queue === "")) throw wrong(spec.name, "queue", "the name of a queue");
  const delay = countdown === undefined ? undefined : milliseconds(countdown, `${spec.name}: countdown`);
  const start = eta === undefined ? undefined : dateOf(spec.name, "eta", eta);
  const end = expires === undefined ? spec.expires : expiryOf(spec.name, expires);
  if (typeof end === "number" ? delay !== undefined && delay > end : start !== undefined && end !== undefined && start > end) {
    throw neverStarts(spec.name);
  }
  return {
    queue,
    priority: priorityOf(task, options),
    countdown: delay,
    eta: start,
    expires: end,
    timeLimit: spec.timeLimit,
    headers: headers === undefined ? undefined : headersOf(spec.name, headers),
  };
}

/** A task that may not start before it expires can't be meant. */
export function neverStarts(task: string): LigatureError {
  return new LigatureError(
    "INVALID_OPTION",
    `${task}: option expires must not be earlier than countdown or eta; as it is, the task expires before it may start.`,
    { details: { option: "expires" } },
  );
}

function expiryOf(task: string, expires: Duration | Date): number | Date {
  if (expires instanceof Date) return dateOf(task, "expires", expires);
  return milliseconds(expires, `${task}: expires`, { least: 1 });
}

function priorityOf({ spec }: TaskRef, options: TaskSignatureData["options"]): number | undefined {
  const { priority } = options;
  if (priority === undefined) return spec.priority;
  const { name, queue } = spec;
  if (!Number.isInteger(priority) || priority < 0 || priority > 255)
    throw wrong(name, "priority", "a whole number from 0 to 255");
  // What another queue takes isn't known here.
  if (options.queue !== undefined && options.queue !== queue.name) return priority;
  if (queue.owner === "ligature" && queue.maxPriority === undefined) {
    throw new LigatureError(
      "INVALID_OPTION",
      `${name}: option priority has no effect: give the contract's queue { type: "classic", maxPriority: … }.`,
    );
  }
  if (queue.maxPriority !== undefined && priority > queue.maxPriority) {
    throw wrong(name, "priority", `at most ${queue.maxPriority}, the maxPriority of queue "${queue.name}"`);
  }
  return priority;
}

function dateOf(task: string, option: string, date: unknown): Date {
  if (date instanceof Date && !Number.isNaN(date.getTime())) return date;
  throw wrong(task, option, "a valid Date");
}

function headersOf(task: string, headers: Readonly<Record<string, unknown>>): Headers {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      if (isReservedHeader(name))
        throw wrong(task, `headers.${name}`, "left to Celery, Ligature or the broker, who own that name");
      if (value === null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value)) {
        return [name, value as string | number | boolean | null];
      }
      throw wrong(task, `headers.${name}`, "a string, a finite number, a boolean or null");
    }),
  );
}

function wrong(task: string, option: string, expected: string): LigatureError {
  return new LigatureError("INVALID_OPTION", `${task}: option ${option} must be ${expected}.`);
}
