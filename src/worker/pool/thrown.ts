import { LigatureError, TaskError } from "../../errors/index.ts";
import { errorFromWire, exceptionToWire } from "../../protocol/index.ts";
import type { ContractRef } from "../../signature/index.ts";
import type { WireThrown } from "./messages.ts";

/** Any thrown value, to be sent. Never throws. */
export function thrownToWire(error: unknown): WireThrown {
  return { kind: "error", ...exceptionToWire(error), coded: error instanceof LigatureError };
}

/** The same error as far as it can be: a declared one of its class, a coded one with its code, anything else by name and stack. */
export function thrownFromWire(
  { exception, traceback, coded }: Extract<WireThrown, { readonly kind: "error" }>,
  contract: ContractRef | undefined,
): LigatureError {
  const error = errorFromWire(
    { task_id: "", status: "FAILURE", result: exception, traceback: coded ? traceback : null, children: [] },
    contract,
  );
  if (traceback !== null) Object.defineProperty(error, "stack", { value: traceback, configurable: true, writable: true });
  return error;
}

/** Why a child was told to stop, as its handler sees it. */
export function reasonFromWire(reason: WireThrown): LigatureError {
  return reason.kind === "error" ? thrownFromWire(reason, undefined) : new TaskError({ name: "AbortError", message: "aborted" });
}

/** Marks a field of a log line that is an error. */
export const errorField = "~ligature.error";
