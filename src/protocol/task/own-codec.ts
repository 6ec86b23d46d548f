import { isErrorCode } from "../../errors/index.ts";
import { isList, isObject, kindOf, unreadable } from "../envelope/index.ts";
import type { Embed, FailedError, LastRun, WireFailedMember, WireFailure } from "./task-message.ts";

/** Ligature's own part of an embed. */
export function decodeOwn(value: unknown): NonNullable<Embed["ligature"]> {
  if (!isObject(value)) throw unreadable("embed.ligature", `must be an object, not ${kindOf(value)}.`);
  const { meta, failure, lastRun } = value;
  return {
    ...(!isNothing(meta) && { meta }),
    ...(!isNothing(failure) && { failure: decodeFailure(failure) }),
    ...(!isNothing(lastRun) && { lastRun: decodeLastRun(lastRun) }),
  };
}

/** The exception is read when it is needed, as that of a result is. */
function decodeLastRun(value: unknown): LastRun {
  const { exception, traceback } = objectOf(value, "embed.ligature.lastRun");
  if (!isTextOrNothing(traceback)) throw unreadable("embed.ligature.lastRun.traceback", "must be text.");
  return { exception, traceback: traceback ?? null };
}

/** Handlers see it as `ctx.failure`, so its types must hold. */
function decodeFailure(value: unknown): WireFailure {
  const part = "embed.ligature.failure";
  const failure = objectOf(value, part);
  const request = objectOf(failure["request"], `${part}.request`);
  const error = objectOf(failure["error"], `${part}.error`);
  const { id, task, args, retries } = request;
  if (typeof id !== "string" || typeof task !== "string" || !isList(args) || typeof retries !== "number") {
    throw unreadable(`${part}.request`, "must have id, task, args and retries.");
  }
  const { stack, member } = error;
  if (!isTextOrNothing(stack)) throw unreadable(`${part}.error.stack`, "must be text.");
  return {
    request: { id, task, args, retries },
    error: {
      ...decodeError(error, `${part}.error`),
      ...(!isNothing(stack) && { stack }),
      ...(!isNothing(member) && { member: decodeMember(member, `${part}.error.member`) }),
    },
  };
}

function decodeError(error: Record<string, unknown>, part: string): FailedError {
  const { name, message, module, code, data, meta } = error;
  if (typeof name !== "string" || typeof message !== "string" || !isTextOrNothing(module)) {
    throw unreadable(part, "must have name and message, and perhaps module, data and stack.");
  }
  return {
    name,
    message,
    ...(!isNothing(module) && { module }),
    ...(typeof code === "string" && isErrorCode(code) && { code }),
    ...(data !== undefined && { data, ...(!isNothing(meta) && { meta }) }),
  };
}

function decodeMember(value: unknown, part: string): WireFailedMember {
  const { index, id, task, error } = objectOf(value, part);
  const isIndex = isNothing(index) || (typeof index === "number" && Number.isSafeInteger(index) && index >= 0);
  if (typeof id !== "string" || !isTextOrNothing(task) || !isIndex) {
    throw unreadable(part, "must have an id, and perhaps index, task and error.");
  }
  return {
    ...(typeof index === "number" && { index }),
    id,
    ...(!isNothing(task) && { task }),
    ...(!isNothing(error) && { error: decodeError(objectOf(error, `${part}.error`), `${part}.error`) }),
  };
}

function isTextOrNothing(value: unknown): value is string | null | undefined {
  return isNothing(value) || typeof value === "string";
}

export function isNothing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

export function objectOf(value: unknown, part: string): Readonly<Record<string, unknown>> {
  if (isNothing(value)) return {};
  if (!isObject(value)) throw unreadable(part, `must be an object, not ${kindOf(value)}.`);
  return value;
}
