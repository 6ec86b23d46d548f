import { TaskError } from "../../errors/index.ts";
import { bounded, boundedJson, isDeeper, maxValueDepth } from "../envelope/index.ts";
import type { LastRun, TaskMessage } from "../task/index.ts";
import { errorFromWire } from "./error-from-wire.ts";
import type { ThrownOnWire } from "./exception-to-wire.ts";

/** Characters of the exception as JSON, and of its stack: each retry carries them. */
const longestException = 64 * 1024;
const longestStackHere = 8 * 1024;

/** A request that is sent again, with what its last run failed with where it may come too late for another. */
export function withLastRun(message: TaskMessage, { exception, traceback }: ThrownOnWire): TaskMessage {
  if (message.expires === undefined && message.deadline === undefined) return message;
  const { exc_type, exc_message, exc_module } = exception;
  const isSmall = !isDeeper(exception, maxValueDepth + 1) && boundedJson(exception, longestException) !== undefined;
  const lastRun: LastRun = {
    exception: isSmall ? exception : { exc_type, exc_message: exc_message.map(shortText), exc_module },
    traceback: traceback === null ? null : bounded(traceback, longestStackHere),
  };
  return { ...message, embed: { ...message.embed, ligature: { ...message.embed.ligature, lastRun } } };
}

/** What a request has failed with that expired between two runs: the error of the last one. */
export function errorOfLastRun(message: TaskMessage, expired: Date): Error {
  const told = message.embed.ligature?.lastRun;
  const tooLate = expiredBetweenRuns(message, message.retries, expired);
  if (told === undefined) return tooLate;
  const result = { task_id: message.id, status: "FAILURE", result: told.exception, children: [] } as const;
  const error = errorFromWire({ ...result, traceback: told.traceback }, undefined);
  // What `ctx.retry()` throws where it is given no cause: a wish, which says nothing of what was wrong.
  return error instanceof TaskError && error.name === "Retry" ? tooLate : error;
}

/** As Celery calls it when there will be no other run. */
export function expiredBetweenRuns({ task, id }: TaskMessage, runs: number, expired: Date): TaskError {
  return new TaskError({
    name: "MaxRetriesExceededError",
    message: `Can't retry ${task}[${id}]: it was tried ${runs} time(s), and expired at ${expired.toISOString()}, before it could be tried again.`,
    module: "celery.exceptions",
  });
}

function shortText(part: unknown): string {
  return bounded(typeof part === "string" ? part : (JSON.stringify(part) ?? String(part)), 8 * 1024);
}
