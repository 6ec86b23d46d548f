import { milliseconds } from "../contract/index.ts";
import { LigatureError } from "../errors/index.ts";
import { consoleLogger, type Logger } from "../logging/index.ts";
import type { AppOptions } from "./app-options.ts";

/** App options with every default applied. Times are milliseconds. */
export interface CompiledAppOptions {
  readonly name: string;
  readonly broker: string;
  readonly backend: string;
  readonly log: Logger;
  readonly rpcTimeout: number;
  readonly publishTimeout: number;
  readonly resultExpires: number;
  readonly chordExpires: number;
  readonly maxPayload: number;
  readonly maxPending: number;
  readonly maxUnconfirmed: number;
  readonly defaultQueue: string;
}

const known = new Set([
  "name",
  "broker",
  "backend",
  "log",
  "rpcTimeout",
  "publishTimeout",
  "resultExpires",
  "chordExpires",
  "maxPayload",
  "maxPending",
  "maxUnconfirmed",
  "defaultQueue",
] satisfies (keyof AppOptions)[]);

export function compileAppOptions(options: AppOptions): CompiledAppOptions {
  if (typeof options !== "object" || options === null)
    throw new LigatureError("INVALID_OPTION", "createApp() needs an object of options.");
  for (const key of Object.keys(options)) {
    if (!known.has(key as keyof AppOptions)) {
      throw new LigatureError("INVALID_OPTION", `createApp(): unknown option "${key}". Known: ${[...known].join(", ")}.`);
    }
  }
  if (typeof options.name !== "string" || !/^[A-Za-z0-9][\w.-]{0,79}$/.test(options.name)) {
    throw new LigatureError(
      "INVALID_OPTION",
      `createApp(): name must be 1 to 80 letters, digits, "_", "-" or ".", got ${JSON.stringify(options.name)}.`,
    );
  }
  const broker = text(options.broker ?? "memory://", "broker");
  return {
    name: options.name,
    broker,
    backend: text(options.backend ?? (broker.startsWith("memory:") ? broker : "rpc://"), "backend"),
    log: (options.log ?? consoleLogger("warn")).child({ app: options.name }),
    rpcTimeout: milliseconds(options.rpcTimeout ?? "30s", "createApp(): rpcTimeout"),
    publishTimeout: milliseconds(options.publishTimeout ?? "30s", "createApp(): publishTimeout"),
    resultExpires: milliseconds(options.resultExpires ?? "1d", "createApp(): resultExpires"),
    chordExpires: milliseconds(options.chordExpires ?? "7d", "createApp(): chordExpires"),
    maxPayload: count(options.maxPayload ?? 16 * 1024 * 1024, "maxPayload"),
    maxPending: count(options.maxPending ?? 100_000, "maxPending"),
    maxUnconfirmed: count(options.maxUnconfirmed ?? 10_000, "maxUnconfirmed"),
    defaultQueue: text(options.defaultQueue ?? "celery", "defaultQueue"),
  };
}

function text(value: unknown, name: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw new LigatureError("INVALID_OPTION", `createApp(): ${name} must be a string, got ${typeof value}.`);
}

function count(value: number, name: string): number {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new LigatureError("INVALID_OPTION", `createApp(): ${name} must be a whole number of at least 1, got ${String(value)}.`);
}
