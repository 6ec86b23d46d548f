import { levels, writeLine, type LogLevel } from "./console-logger.ts";
import type { Logger } from "./logger.ts";

/**
 * One JSON object a line on standard error, for programs that read logs: `time`, `level`, `msg`, the fields; of an error its name,
 * message, stack and cause.
 */
export function jsonLogger(level: LogLevel = "info", bindings: Readonly<Record<string, unknown>> = {}): Logger {
  const lowest = levels.indexOf(level);
  const write = (at: LogLevel) => (fields: object, message: string) => {
    if (levels.indexOf(at) < lowest) return;
    const line = { time: new Date().toISOString(), level: at, msg: message };
    writeLine(`${written({ ...line, ...bindings, ...fields }) ?? written({ ...line, ...bindings }) ?? written(line)}\n`);
  };
  return {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
    child: (more) => jsonLogger(level, { ...bindings, ...more }),
  };
}

/** Undefined for what JSON can't say: a cycle, a getter that throws. */
function written(line: object): string | undefined {
  try {
    return JSON.stringify(line, (_, value: unknown) => {
      if (typeof value === "bigint") return String(value);
      return value instanceof Error ? shown(value) : value;
    });
  } catch {
    return undefined;
  }
}

function shown(error: Error): object {
  const { name, message, stack, cause } = error;
  const { code } = error as NodeJS.ErrnoException;
  return { name, message, ...(code !== undefined && { code }), stack, ...(cause !== undefined && { cause }) };
}
