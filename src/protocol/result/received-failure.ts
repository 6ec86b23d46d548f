import type { LigatureError } from "../../errors/index.ts";
import { readNumbers } from "../envelope/index.ts";
import type { FailedError, WireFailure } from "../task/task-message.ts";
import { errorFromWire } from "./error-from-wire.ts";

/** An error of another request: of the class that a caller would get, a declared one if its contract is loaded here. */
type FailureError = LigatureError & {
  readonly module?: string | undefined;
  /** Of a declared error. */
  readonly data?: unknown;
  /** Of a `ChordError`: the member of the chord's header that failed. */
  readonly member?: FailedMember | undefined;
};

/** Why an error callback was called. */
export interface Failure {
  /** The request that failed. */
  readonly request: { readonly id: string; readonly task: string; readonly args: readonly unknown[]; readonly retries: number };
  /** Its error: `instanceof contract.errors.Name` narrows to a declared one. Its `stack` is that of the worker where it failed. */
  readonly error: FailureError;
}

/** Why a chord's body will not run. */
interface FailedMember {
  /** Its place in the header, from 0; undefined where a Celery worker has told of it. */
  readonly index?: number | undefined;
  /** The id of its last task. */
  readonly id: string;
  /** The task that failed. */
  readonly task?: string | undefined;
  /** Its own error, as far as it is known. */
  readonly error?: FailureError | undefined;
}

/** What an error callback was told, for its handler. Never throws. */
export function receivedFailure({ request, error }: WireFailure): Failure {
  const { stack, member } = error;
  const revived = revive(error, {
    ...(member !== undefined && { member: { ...member, error: member.error === undefined ? undefined : wireOf(member.error) } }),
  });
  if (stack !== undefined) {
    define(revived, "stack", stack);
    define(revived, "remoteStack", stack);
  }
  if (member !== undefined) {
    define(revived, "member", { ...member, ...(member.error !== undefined && { error: revive(member.error, {}) }) });
  }
  return { request: readNumbers(request) as Failure["request"], error: revived };
}

function revive(error: FailedError, more: object): FailureError {
  const { ligature, ...exception } = wireOf(error);
  const result = { ...exception, ligature: { ...ligature, ...more } };
  const revived: FailureError = errorFromWire(
    { task_id: "", status: "FAILURE", result, traceback: null, children: [] },
    undefined,
  );
  // Of a contract that isn't loaded here, or in another version: it is no declared error, and yet tells what it was told.
  if (error.data !== undefined && revived.data === undefined) define(revived, "data", readNumbers(error.data));
  if (error.module !== undefined && revived.module === undefined) define(revived, "module", error.module);
  return revived;
}

function wireOf({ name, message, module, code, data, meta }: FailedError): {
  readonly exc_type: string;
  readonly exc_message: readonly string[];
  readonly exc_module: string;
  readonly ligature: object;
} {
  return {
    exc_type: name,
    exc_message: [message],
    exc_module: module ?? "",
    ligature: {
      message,
      ...(code !== undefined && { code }),
      ...(data !== undefined && { data }),
      ...(meta !== undefined && { meta }),
    },
  };
}

function define(error: FailureError, property: string, value: unknown): void {
  Object.defineProperty(error, property, { value, configurable: true, writable: true, enumerable: property !== "stack" });
}
