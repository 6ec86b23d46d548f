import { isDeclaredError } from "../errors/index.ts";
import { bounded, boundedJson } from "./bounded.ts";
import { exceptionToWire } from "./exception-to-wire.ts";
import { isDeeper } from "./json.ts";
import { maxValueDepth } from "./limits.ts";
import type { TaskMessage, WireFailure } from "./task-message.ts";

/** Characters of a failed request's arguments, and of its error's data, as JSON. Each error callback carries them. */
const longestJson = 32 * 1024;
const longestStackHere = 8 * 1024;
const longestMessageHere = 8 * 1024;

/** What error callbacks learn of a failed request. Bounded, so that any error callback can be sent; never throws. */
export function failureOf(message: TaskMessage, error: unknown): WireFailure {
  const { exception, traceback } = exceptionToWire(error);
  const { id, task, args, retries } = message;
  const shown = exception.ligature?.message ?? exception.exc_message.map(String).join(", ");
  const data = isDeclaredError(error) ? boundedJson(exception.ligature?.data, longestJson) : undefined;
  return {
    request: { id, task, retries, args: isShowable(args) ? args : [omitted] },
    error: {
      name: exception.exc_type,
      message: bounded(shown, longestMessageHere),
      module: exception.exc_module,
      ...(data !== undefined && { data: JSON.parse(data) as unknown }),
      ...(traceback !== null && { stack: bounded(traceback, longestStackHere) }),
    },
  };
}

/** Nested deeper than what we write ourselves, they could make the error callback too deep to be read. */
function isShowable(args: readonly unknown[]): boolean {
  return !isDeeper(args, maxValueDepth + 1) && boundedJson(args, longestJson) !== undefined;
}

const omitted = "(the arguments are too large to be repeated here)";
