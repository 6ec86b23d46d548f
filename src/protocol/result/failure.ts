import { isErrorCode } from "../../errors/index.ts";
import { bounded, boundedJson, isDeeper, maxValueDepth, parseExactJson } from "../envelope/index.ts";
import type { FailedError, WireFailure, TaskMessage } from "../task/index.ts";
import { exceptionToWire } from "./exception-to-wire.ts";
import type { WireException } from "./stored-result.ts";

/** Characters of a failed request's arguments, and of its error's data, as JSON. Each error callback carries them. */
const longestJson = 32 * 1024;
const longestStackHere = 8 * 1024;
const longestMessageHere = 8 * 1024;

/** A failed request as its error callbacks see it. Bounded, so that any error callback can be sent; never throws. */
export function failureOf(message: TaskMessage, error: unknown): WireFailure {
  const { exception, traceback } = exceptionToWire(error);
  const { id, task, args, retries } = message;
  const member = exception.ligature?.member;
  return {
    request: { id, task, retries, args: isShowable(args) ? args : [omitted] },
    error: {
      ...shown(exception),
      ...(traceback !== null && { stack: bounded(traceback, longestStackHere) }),
      ...(member !== undefined && {
        member: {
          ...(member.index !== undefined && { index: member.index }),
          id: member.id,
          ...(member.task !== undefined && { task: member.task }),
          ...(member.error !== undefined && { error: shown(member.error) }),
        },
      }),
    },
  };
}

function shown({ exc_type: name, exc_message: messages, exc_module: module, ligature }: WireException): FailedError {
  // Only declared errors have data without a code; the data of coded errors is for those who get the error itself.
  const data = ligature?.code === undefined ? boundedJson(ligature?.data, longestJson) : undefined;
  const meta = data === undefined ? undefined : boundedJson(ligature?.meta, longestJson);
  // Without its annotations, data would be taken for something else.
  const isWhole = data !== undefined && (meta !== undefined) === (ligature?.meta !== undefined);
  return {
    name,
    message: bounded(ligature?.message ?? messages.map(String).join(", "), longestMessageHere),
    module,
    ...(ligature?.code !== undefined && isErrorCode(ligature.code) && { code: ligature.code }),
    ...(isWhole && {
      data: parseExactJson(data, "The data"),
      ...(meta !== undefined && { meta: JSON.parse(meta) as unknown }),
    }),
  };
}

/** Nested deeper than what we write ourselves, they could make the error callback too deep to be read. */
function isShowable(args: readonly unknown[]): boolean {
  return !isDeeper(args, maxValueDepth + 1) && boundedJson(args, longestJson) !== undefined;
}

const omitted = "(the arguments are too large to be repeated here)";
