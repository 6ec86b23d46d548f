import type { ContractRef } from "../signature/index.ts";
import type { LigatureError } from "../errors/index.ts";
import type { StoredResult, WireException } from "./stored-result.ts";
import type { TaskMessage, WireFailure } from "./task-message.ts";

/** Any thrown value, in Celery's form. Declared errors keep their data, Ligature's own errors their code and Celery's name. */
export function exceptionToWire(error: unknown): { readonly exception: WireException; readonly traceback: string | null } {
  throw new Error(String(error));
}
/** The error that a FAILURE or REVOKED result means to the caller: declared class, TaskError, or a coded LigatureError. Never throws. */
export function errorFromWire(result: StoredResult, contract: ContractRef | undefined): LigatureError {
  throw new Error(String([result, contract]));
}
/** What error callbacks learn of a failed request. */
export function failureOf(message: TaskMessage, error: unknown): WireFailure {
  throw new Error(String([message, error]));
}
