import type { Logger } from "./logger.ts";

const levels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof levels)[number];

/** One line a message on standard error: time, level, text, fields; an error's stack on lines of its own. For programs that bring no logger. */
export function consoleLogger(level: LogLevel = "info", bindings: Readonly<Record<string, unknown>> = {}): Logger {
  const lowest = levels.indexOf(level);
  const write = (at: LogLevel) => (fields: object, message: string) => {
    if (levels.indexOf(at) < lowest) return;
    const entries = Object.entries({ ...bindings, ...fields });
    const all = entries.map(([key, value]) => `${key}=${format(value)}`);
    const stacks = entries.map(([, value]) => (value instanceof Error ? stackOf(value) : ""));
    process.stderr.write(
      `${new Date().toISOString()} ${at.toUpperCase().padEnd(5)} ${message}${all.length > 0 ? ` ${all.join(" ")}` : ""}\n${stacks.join("")}`,
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

function format(value: unknown): string {
  if (value instanceof Error) return JSON.stringify(value.message);
  return typeof value === "string" && !/[\s"=]/.test(value) ? value : (JSON.stringify(value) ?? String(value));
}

/** Indented, so that a line that isn't is a message. Also of what caused it, one cause deep. */
function stackOf(error: Error): string {
  const own = error.stack ?? `${error.name}: ${error.message}`;
  const cause = error.cause instanceof Error ? `\ncaused by ${error.cause.stack ?? error.cause.message}` : "";
  return `${own}${cause}`
    .split("\n")
    .map((line) => `    ${line}\n`)
    .join("");
}
