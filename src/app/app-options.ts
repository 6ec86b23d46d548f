import { milliseconds, type Duration } from "../contract/index.ts";
import { consoleLogger, type Logger } from "../logging/index.ts";
import { checkKnown, optionsObject, refuseOption, text, wholeNumber, type OptionPlace } from "../options/index.ts";

export interface AppOptions {
  /** Names the app in logs, in the broker's list of connections and in its reply queue. Letters, digits, `_`, `-` and `.`. */
  readonly name: string;
  /**
   * `memory://` (this process only; `memory://<name>` for several that don't meet), `amqp://user:password@host:port/vhost`
   * or `amqps://…`. Left out it is `memory://`; undefined or empty is refused, since it is most often a variable that isn't set.
   * @default "memory://"
   */
  readonly broker?: string;
  /**
   * Where results are kept: `memory://`, `rpc://` (a reply queue on the broker), or Redis, in Celery's form:
   * `redis://user:password@host:port/database`, `rediss://…` (TLS), `redis-cluster://host:port,host:port` or `rediss-cluster://…`.
   * @default `memory://` on a memory broker, else `rpc://`
   */
  readonly backend?: string;
  /** A pino logger, or anything of its shape. @default all but debug on standard error */
  readonly log?: Logger;
  /** The deadline of an awaited call that names none. @default "30s" */
  readonly rpcTimeout?: Duration;
  /** How long sending may take, connecting included, when no deadline ends it before. @default "30s" */
  readonly publishTimeout?: Duration;
  /** How long results wait for a caller that went away; in Redis, how long they are kept at all. @default "1d" */
  readonly resultExpires?: Duration;
  /**
   * How long a chord that waits for its next member is remembered, such as over a weekend on which no worker runs; after
   * that its body won't run, and what it left behind is gone. @default "7d"
   */
  readonly chordExpires?: Duration;
  /** The largest message body, in bytes, that is sent or accepted. @default 16 MiB */
  readonly maxPayload?: number;
  /** How many results may be awaited at a time; more calls are refused with `NOT_SENT`. @default 100000 */
  readonly maxPending?: number;
  /** How many publishes may be on their way at a time; more are refused with `NOT_SENT`. @default 10000 */
  readonly maxUnconfirmed?: number;
  /** Where signatures of foreign apps go that name no queue: their worker's default queue. @default "celery" */
  readonly defaultQueue?: string;
}

/** App options with every default applied. Times are milliseconds. */
export interface CompiledAppOptions {
  readonly name: string;
  readonly broker: string;
  /** Whether the program says which broker. */
  readonly brokerIsNamed: boolean;
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
  const broker = url(options, "broker", "memory://");
  return {
    name: options.name,
    broker,
    brokerIsNamed: "broker" in options,
    backend: url(options, "backend", broker.startsWith("memory:") ? broker : "rpc://"),
    log: (options.log ?? consoleLogger("info")).child({ app: options.name }),
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

/** What is given and has no value is no default: it would silently be another broker than the one that was meant. */
function url(options: AppOptions, option: "broker" | "backend", byDefault: string): string {
  if (!(option in options)) return byDefault;
  const value: unknown = options[option];
  if (value !== undefined && value !== null && value !== "") return text(value, option, place);
  const example = option === "broker" ? "AMQP_URL" : "RESULT_BACKEND";
  return refuseOption(
    place,
    option,
    `createApp(): ${option} is ${value === "" ? "an empty string" : String(value)}. If it comes from an environment variable such as ${example}, set that; for ${byDefault} leave the option out.`,
  );
}
