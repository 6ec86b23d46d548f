import { inspect } from "node:util";
import { consoleLogger, type LogLevel } from "./console-logger.ts";
import type { Logger } from "./logger.ts";

/** Milliseconds between two lines about a logger that fails. */
const quiet = 30_000;
let reportedAt = 0;

/**
 * A logger that never throws and leaves no rejection behind, whatever the one inside does: a line must not change what
 * becomes of a task, nor end the process. Fields that the logger can't write are given to it as text; a line that it can't
 * write at all goes to standard error, at most one every half minute.
 */
export function safeLogger(logger: Logger, bindings?: Readonly<Record<string, unknown>>): Logger {
  const at =
    (level: LogLevel) =>
    (fields: object, message: string): void => {
      const all = bindings === undefined ? fields : { ...bindings, fields };
      if (write(logger, level, all, message) === undefined) return;
      const problem = write(logger, level, { fields: asText(all) }, message);
      if (problem !== undefined) report(problem.error, message);
    };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child(more) {
      try {
        return safeLogger(logger.child(more), bindings);
      } catch (error) {
        report(error, "child()");
        return safeLogger(logger, { ...bindings, ...more });
      }
    },
  };
}

function write(logger: Logger, level: LogLevel, fields: object, message: string): { readonly error: unknown } | undefined {
  try {
    const returned: unknown = logger[level](fields, message);
    if (typeof returned === "object" && returned !== null && "then" in returned) {
      Promise.resolve(returned).catch((error: unknown) => report(error, message));
    }
    return undefined;
  } catch (error) {
    return { error };
  }
}

function report(error: unknown, line: string): void {
  const now = Date.now();
  if (now - reportedAt < quiet) return;
  reportedAt = now;
  consoleLogger("error").error({ error, line }, "the app's logger failed; this line of it is lost");
}

function asText(value: unknown): string {
  try {
    return inspect(value, { depth: 4, breakLength: Number.POSITIVE_INFINITY });
  } catch {
    return "(can't be shown)";
  }
}
