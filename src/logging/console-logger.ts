import { types } from "node:util";
import type { Logger } from "./logger.ts";

const levels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof levels)[number];

/** One line a message on standard error: time, level, text, fields; below it the stacks of errors. For programs that bring no logger. */
export function consoleLogger(level: LogLevel = "info", bindings: Readonly<Record<string, unknown>> = {}): Logger {
  const lowest = levels.indexOf(level);
  const write = (at: LogLevel) => (fields: object, message: string) => {
    if (levels.indexOf(at) < lowest) return;
    const all = Object.entries({ ...bindings, ...fields }).map(([key, value]) => `${key}=${format(value)}`);
    process.stderr.write(
      `${new Date().toISOString()} ${at.toUpperCase().padEnd(5)} ${message}${all.length > 0 ? ` ${all.join(" ")}` : ""}\n${stacksOf(fields)}`,
    );
  };
  return {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
    child: (more) => consoleLogger(level, { ...bindings, ...more }),
  };
}

export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silentLogger };

/** Also an error of another realm, such as a test runner's. */
function isError(value: unknown): value is Error {
  return types.isNativeError(value) || value instanceof Error;
}

/** Where the errors among the fields come from, and what led to them, indented. */
function stacksOf(fields: object): string {
  const lines: string[] = [];
  for (const field of Object.values(fields)) {
    let error: unknown = field;
    for (let depth = 0; depth < 5 && isError(error); depth += 1) {
      const text = String(error.stack ?? error);
      lines.push(...`${depth === 0 ? "" : "caused by "}${text}`.split("\n").map((line) => `    ${line.trimStart()}\n`));
      error = error.cause;
    }
  }
  return lines.join("");
}

function format(value: unknown): string {
  if (isError(value)) return JSON.stringify(value.message);
  return typeof value === "string" && !/[\s"=]/.test(value) ? value : (JSON.stringify(value) ?? String(value));
}
