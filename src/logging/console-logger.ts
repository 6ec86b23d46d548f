import { inspect, types } from "node:util";
import type { Logger } from "./logger.ts";

export const levels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof levels)[number];

/** One line a message on standard error: time, level, text, fields; below it the stacks of errors. For programs that bring no logger. */
export function consoleLogger(level: LogLevel = "info", bindings: Readonly<Record<string, unknown>> = {}): Logger {
  const lowest = levels.indexOf(level);
  const write = (at: LogLevel) => (fields: object, message: string) => {
    if (levels.indexOf(at) < lowest) return;
    const all = [...entriesOf(bindings), ...entriesOf(fields)].map(([key, value]) => `${key}=${format(value)}`);
    writeLine(
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
  for (const [, field] of entriesOf(fields)) {
    let error: unknown = field;
    for (let depth = 0; depth < 5 && isError(error); depth += 1) {
      const text = stackOf(error);
      lines.push(...`${depth === 0 ? "" : "caused by "}${text}`.split("\n").map((line) => `    ${line.trimStart()}\n`));
      error = causeOf(error);
    }
  }
  return lines.join("");
}

/** Getters of a user's own may throw. */
function stackOf(error: Error): string {
  try {
    return bounded(String(error.stack ?? error));
  } catch {
    return inspected(error);
  }
}

function causeOf(error: Error): unknown {
  try {
    return error.cause;
  } catch {
    return undefined;
  }
}

/** Characters of one field. */
const longest = 32 * 1024;

function entriesOf(fields: object): readonly (readonly [string, unknown])[] {
  try {
    return Object.entries(fields);
  } catch {
    return [["fields", fields]];
  }
}

/** Any value: a cycle, a bigint, a getter or a `toJSON` that throws, too. */
function format(value: unknown): string {
  try {
    if (isError(value)) return bounded(JSON.stringify(value.message));
    if (typeof value === "string" && !/[\s"=]/.test(value)) return bounded(value);
    return bounded(JSON.stringify(value) ?? String(value));
  } catch {
    return inspected(value);
  }
}

function inspected(value: unknown): string {
  try {
    return bounded(inspect(value, { depth: 4, breakLength: Number.POSITIVE_INFINITY }));
  } catch {
    return "(can't be shown)";
  }
}

function bounded(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

const ignore = (): void => {};

/** n.b. a pipe that nobody reads any more tells its error by an event, which ends a process that doesn't listen. */
export function writeLine(line: string): void {
  const { stderr } = process;
  stderr.once("error", ignore);
  stderr.write(line, () => stderr.off("error", ignore));
}
