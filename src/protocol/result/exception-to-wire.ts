import { ChordError, errorCodes, isDeclaredError, LigatureError, type DeclaredError } from "../../errors/index.ts";
import { bounded, boundedJson } from "../envelope/index.ts";
import { packValue } from "../values/index.ts";
import { receivedData } from "./received-data.ts";
import type { WireException } from "./stored-result.ts";
import { className, describeThrown, longestMessage, longestStack } from "./thrown.ts";

/** Characters of a coded error's details, as JSON; longer ones stay with the worker's log. */
const longestDetails = 16 * 1024;

export interface ThrownOnWire {
  readonly exception: WireException;
  readonly traceback: string | null;
}

/**
 * Any thrown value, in Celery's form. Declared errors keep their data, Ligature's own errors their code and Celery's
 * name. Never throws.
 *
 * A Python caller looks `exc_type` up in the module `exc_module` if it has that loaded, and makes an exception class of
 * that name otherwise (celery.backends.base.exception_to_python). What it finds must be an exception class, or its
 * `get()` fails with a SecurityError and the state stays PENDING; so all three keys are always there, and a module is
 * named only where the name can't be anything else in it.
 */
export function exceptionToWire(error: unknown): ThrownOnWire {
  const { name, message, stack } = describeThrown(error);
  try {
    if (isDeclaredError(error)) return { exception: declaredToWire(error), traceback: stack };
    if (error instanceof ChordError) return { exception: chordErrorToWire(error), traceback: error.remoteStack ?? stack };
    if (error instanceof LigatureError) return ligatureToWire(error, stack);
  } catch {
    // Then it is told as what it looks like from outside.
  }
  return { exception: plain(name, message, moduleOf(name)), traceback: stack };
}

function plain(name: string, message: string, module: string): WireException {
  return { exc_type: name, exc_message: [message], exc_module: module };
}

/** Names that mean an exception in Python's builtins, and much the same thing there: `TypeError`, `TimeoutError`, `ValueError`. */
const looksLikeException = /^(?!BaseException$)[A-Z]\w*(?:Error|Exception|Warning)$/;

/** `javascript` is no Python module, so Python makes a class of the name. */
function moduleOf(name: string): string {
  return looksLikeException.test(name) ? "builtins" : "javascript";
}

function declaredToWire(error: DeclaredError<string, unknown>): WireException {
  const { json, meta } = receivedData(error) ?? packValue(error.data, false);
  return {
    exc_type: error.name,
    exc_message: [bounded(error.message, longestMessage)],
    exc_module: error.module ?? "javascript",
    ligature: { data: json, ...(meta !== undefined && { meta }) },
  };
}

/** Of the member's own error, the causes stay behind: each chord inside another would nest it deeper. */
function chordErrorToWire(error: ChordError): WireException {
  const { index, id, task } = error.member;
  const { cause } = error;
  const inner = cause === undefined ? undefined : exceptionToWire(cause).exception;
  const { member, ...others } = inner?.ligature ?? {};
  const { error: _deeper, ...place } = member ?? {};
  const ligature = member === undefined ? others : { ...others, member: { ...place, id: member.id } };
  return {
    exc_type: "ChordError",
    exc_message: [bounded(error.message, longestMessage)],
    exc_module: "celery.exceptions",
    ligature: {
      member: {
        ...(index !== undefined && { index }),
        id,
        ...(task !== undefined && { task }),
        ...(inner !== undefined && {
          error: {
            exc_type: inner.exc_type,
            exc_message: inner.exc_message,
            exc_module: inner.exc_module,
            ...(Object.keys(ligature).length > 0 && { ligature }),
          },
        }),
      },
    },
  };
}

function ligatureToWire(error: LigatureError, stack: string | null): ThrownOnWire {
  if (error.code === "TASK_FAILED") return taskErrorToWire(error, stack);
  // Only a caller raises these, so the handler has made a call. As this task's own code it would claim that the
  // caller of *this* task was not connected, or gave up.
  if (errorCodes[error.code].raisedBy === "caller") {
    return { exception: plain("LigatureError", bounded(error.message, longestMessage), "ligature"), traceback: stack };
  }
  const details = boundedJson(error.details, longestDetails);
  const [type, args, module] = celeryForm(error);
  return {
    exception: {
      exc_type: type,
      exc_message: args,
      exc_module: module,
      ligature: {
        code: error.code,
        message: bounded(error.rawMessage, longestMessage),
        ...(details !== undefined && { data: JSON.parse(details) as unknown }),
      },
    },
    traceback: stack,
  };
}

/** The exception that Celery itself would have stored. */
function celeryForm(error: LigatureError): readonly [type: string, args: readonly unknown[], module: string] {
  const detail = (name: string): unknown => error.details?.[name];
  switch (error.code) {
    case "REVOKED":
      return ["TaskRevokedError", [detail("terminated") === true ? "terminated" : "revoked"], "celery.exceptions"];
    case "EXPIRED":
      return ["TaskRevokedError", ["expired"], "celery.exceptions"];
    case "NOT_REGISTERED": {
      const task = detail("task");
      return ["NotRegistered", [typeof task === "string" ? task : error.rawMessage], "celery.exceptions"];
    }
    case "TIME_LIMIT": {
      const seconds = detail("seconds");
      return ["TimeLimitExceeded", [typeof seconds === "number" ? seconds : error.rawMessage], "billiard.exceptions"];
    }
    case "WORKER_LOST":
      return ["WorkerLostError", [bounded(error.rawMessage, longestMessage)], "billiard.exceptions"];
    default:
      return ["LigatureError", [bounded(error.message, longestMessage)], "ligature"];
  }
}

/** A remote error that passes through: its name and its module, where Python can't misread them; the stack of where it came from. */
function taskErrorToWire(error: LigatureError, stack: string | null): ThrownOnWire {
  const name = className(error.name);
  const module = "module" in error && typeof error.module === "string" ? error.module : "";
  const isSafe = looksLikeException.test(name) && /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/.test(module);
  const remote = "remoteStack" in error && typeof error.remoteStack === "string" ? error.remoteStack : "";
  const traceback = bounded([stack ?? "", remote].filter((part) => part !== "").join("\nRemote stack: "), longestStack);
  return {
    exception: plain(name, bounded(error.message, longestMessage), isSafe ? module : moduleOf(name)),
    traceback: traceback === "" ? null : traceback,
  };
}
