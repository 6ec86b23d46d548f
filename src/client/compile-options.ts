import { milliseconds } from "../contract/index.ts";
import { consoleLogger, type Logger } from "../logging/index.ts";
import { checkKnown, optionsObject, refuseOption, text, wholeNumber, type OptionPlace } from "../options/index.ts";
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

const known = [
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
] satisfies (keyof AppOptions)[];

const place: OptionPlace = { prefix: "createApp(): " };

export function compileAppOptions(options: AppOptions): CompiledAppOptions {
  optionsObject(options, "createApp() needs an object of options.");
  checkKnown(options, known, "createApp()", place);
  if (typeof options.name !== "string" || !/^[A-Za-z0-9][\w.-]{0,79}$/.test(options.name)) {
    refuseOption(
      place,
      "name",
      `createApp(): name must be 1 to 80 letters, digits, "_", "-" or ".", got ${JSON.stringify(options.name)}.`,
    );
  }
  const broker = text(options.broker ?? "memory://", "broker", place);
  return {
    name: options.name,
    broker,
    backend: text(options.backend ?? (broker.startsWith("memory:") ? broker : "rpc://"), "backend", place),
    log: (options.log ?? consoleLogger("warn")).child({ app: options.name }),
    rpcTimeout: milliseconds(options.rpcTimeout ?? "30s", "createApp(): rpcTimeout"),
    publishTimeout: milliseconds(options.publishTimeout ?? "30s", "createApp(): publishTimeout"),
    resultExpires: milliseconds(options.resultExpires ?? "1d", "createApp(): resultExpires"),
    chordExpires: milliseconds(options.chordExpires ?? "7d", "createApp(): chordExpires"),
    maxPayload: wholeNumber(options.maxPayload ?? 16 * 1024 * 1024, "maxPayload", place, 1),
    maxPending: wholeNumber(options.maxPending ?? 100_000, "maxPending", place, 1),
    maxUnconfirmed: wholeNumber(options.maxUnconfirmed ?? 10_000, "maxUnconfirmed", place, 1),
    defaultQueue: text(options.defaultQueue ?? "celery", "defaultQueue", place),
  };
}
