import type { Logger } from "ligature";
import { printable, type Paint } from "./format.ts";

const levels = ["debug", "info", "warn", "error"] as const;
type Level = (typeof levels)[number];

/** Known already from where the line stands. */
const omitted = new Set(["app", "worker"]);

export interface LineLoggerOptions {
  /** Nothing below is written. */
  readonly level: Level;
  readonly write: (line: string) => void;
  readonly paint: Paint;
}

/** A logger for people: the message first, then what belongs to it. A service in production would bring pino instead. */
export function lineLogger(options: LineLoggerOptions, bindings: object = {}): Logger {
  const { level, write, paint } = options;
  const at = (own: Level) => (fields: object, message: string) => {
    if (levels.indexOf(own) < levels.indexOf(level)) return;
    // What the line is about comes before what it has in common with others.
    const all = Object.entries({ ...fields, ...bindings, ...fields })
      .filter(([key, value]) => value !== undefined && !omitted.has(key))
      .map(([key, value]) => `${key}=${inOneLine(value)}`);
    const text = own === "error" ? paint("red", message) : own === "warn" ? paint("yellow", message) : message;
    write([text, ...(all.length > 0 ? [paint("dim", all.join(" "))] : [])].join("  "));
  };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child: (more) => lineLogger(options, { ...bindings, ...more }),
  };
}

function inOneLine(value: unknown): string {
  const text =
    value instanceof Error ? value.message : typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  const line = printable(text);
  return /[\s"]/.test(line) && typeof value === "string" ? JSON.stringify(line) : line;
}
