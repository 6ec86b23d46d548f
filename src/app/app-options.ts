import { milliseconds, type Duration } from "../contract/index.ts";
import { consoleLogger, safeLogger, type Logger } from "../logging/index.ts";
import type { BrokerAuth, BrokerTls } from "../broker/index.ts";
import { launch } from "./launch.ts";
import type { SendInterceptor } from "../interceptors/send-interceptor.ts";
import {
  checkKnown,
  flag,
  functions,
  oneOf,
  optionsObject,
  refuseOption,
  text,
  wholeNumber,
  type OptionPlace,
} from "../options/index.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import type { RunInterceptor } from "../worker/request/run-interceptor.ts";

export interface AppOptions {
  /** Names the app in logs, in the broker's list of connections and in its reply queue. Letters, digits, `_`, `-` and `.`. */
  readonly name: string;
  /**
   * `memory://` (this process only; `memory://<name>` for several that don't meet), `amqp://user:password@host:port/vhost`
   * or `amqps://…` (TLS). Several URLs, as an array or with ";" between them, are the nodes of one RabbitMQ: the first is drawn
   * by lot, and the others are tried when it fails. Left out it is `memory://`; undefined or empty is refused, since it is most often
   * a variable that isn't set. @default "memory://"
   */
  readonly broker?: string | readonly string[];
  /** TLS of a broker at `amqps://`; what its URL says goes before. @default Node's */
  readonly brokerTls?: BrokerTls;
  /** `external`: RabbitMQ's user is whom the client certificate names (SASL EXTERNAL). @default "plain", by name and password */
  readonly brokerAuth?: BrokerAuth;
  /**
   * What happens when RabbitMQ refuses the very first connection, because of a wrong password, say: `fail` ends calls and workers at
   * once, with `NOT_SENT`; `retry` goes on, every 15 seconds. After a first connection it is always retried. @default "fail"
   */
  readonly refusedLogin?: "fail" | "retry";
  /**
   * Where results are kept: `memory://`, `rpc://` (a reply queue on the broker), or Redis, in Celery's form:
   * `redis://user:password@host:port/database`, `rediss://…` (TLS), `redis-cluster://host:port,host:port` or `rediss-cluster://…`.
   * @default `memory://` on a memory broker, else `rpc://`
   */
  readonly backend?: string;
  /**
   * Where features keep what all processes must agree on, such as the keys of sends that run once: Redis, by a URL as for `backend`, or
   * `memory://` (this process). It is opened when the first of them needs it. @default the backend, where that is Redis; `memory://` on a memory broker; else none
   */
  readonly store?: string;
  /** A pino logger, or anything of its shape. @default all but debug on standard error */
  readonly log?: Logger;
  /** The deadline of an awaited call that names none. @default "30s" */
  readonly rpcTimeout?: Duration;
  /** How long sending may take, connecting included, when no deadline ends it before. @default "30s" */
  readonly publishTimeout?: Duration;
  /** How long results wait for a caller that went away; in Redis, how long they are kept at all. At least a second. @default "1d" */
  readonly resultExpires?: Duration;
  /**
   * How long a chord that waits for its next member is remembered, such as over a weekend on which no worker runs; after
   * that its body won't run, and what it left behind is gone. At least a second. @default "7d"
   */
  readonly chordExpires?: Duration;
  /** The largest message body, in bytes, that is sent or accepted; at least 1000. @default 16 MiB */
  readonly maxPayload?: number;
  /** How many results may be awaited at a time; more calls are refused with `NOT_SENT`. @default 100000 */
  readonly maxPending?: number;
  /** How many publishes may be on their way at a time; more are refused with `NOT_SENT`. @default 10000 */
  readonly maxUnconfirmed?: number;
  /** Where signatures of foreign apps go that name no queue: their worker's default queue. @default "celery" */
  readonly defaultQueue?: string;
  /**
   * What runs around each task that this app sends, and around each run of a handler of its workers; the first is the outermost.
   * @default none
   */
  readonly interceptors?: AppInterceptors;
  /** What watches the app, around everything else: what `ligature/otel` and `ligature/prometheus` make. @default nothing */
  readonly telemetry?: Telemetry | readonly Telemetry[];
}

export interface AppInterceptors {
  /** Around all that the app sends: calls, what its workers send after a task, retries. */
  readonly send?: readonly SendInterceptor[];
  /** Around each run of a handler in one of the app's workers, outside of the worker's own. */
  readonly run?: readonly RunInterceptor[];
}

/** App options with every default applied. Times are milliseconds. */
export interface CompiledAppOptions {
  readonly name: string;
  readonly broker: readonly string[];
  /** Whether the program says which broker. */
  readonly brokerIsNamed: boolean;
  readonly brokerTls: BrokerTls | undefined;
  readonly brokerAuth: BrokerAuth;
  readonly retryRefused: boolean;
  readonly backend: string;
  readonly store: string | undefined;
  readonly log: Logger;
  readonly rpcTimeout: number;
  readonly publishTimeout: number;
  readonly resultExpires: number;
  readonly chordExpires: number;
  readonly maxPayload: number;
  readonly maxPending: number;
  readonly maxUnconfirmed: number;
  readonly defaultQueue: string;
  /** Undefined where there are none. */
  readonly interceptors: {
    readonly send: readonly SendInterceptor[] | undefined;
    readonly run: readonly RunInterceptor[] | undefined;
  };
  readonly telemetry: readonly Telemetry[] | undefined;
}

const known = [
  "name",
  "broker",
  "brokerTls",
  "brokerAuth",
  "refusedLogin",
  "backend",
  "store",
  "log",
  "rpcTimeout",
  "publishTimeout",
  "resultExpires",
  "chordExpires",
  "maxPayload",
  "maxPending",
  "maxUnconfirmed",
  "defaultQueue",
  "interceptors",
  "telemetry",
] satisfies (keyof AppOptions)[];

/** Milliseconds. What is kept for less may be gone before anybody can come for it: a queue, before it is consumed from. */
const leastKept = 1000;
/** Bytes. The smallest messages fit, such as a request without arguments, or a failure's result. */
const leastPayload = 1000;

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
  const broker = urls(options);
  const telemetry = compileTelemetry(options.telemetry);
  const backend =
    "backend" in options ? url(options.backend, "backend") : broker[0]?.startsWith("memory:") === true ? broker[0] : "rpc://";
  return {
    name: options.name,
    broker,
    brokerIsNamed: "broker" in options,
    brokerTls: options.brokerTls === undefined ? undefined : compileTls(options.brokerTls),
    brokerAuth: oneOf(options.brokerAuth ?? "plain", "brokerAuth", place, ["plain", "external"]),
    retryRefused: oneOf(options.refusedLogin ?? "fail", "refusedLogin", place, ["fail", "retry"]) === "retry",
    backend,
    store:
      "store" in options
        ? storeUrl(options.store)
        : [backend, broker[0]].find((each) => each !== undefined && isStore.test(each)),
    log: safeLogger(options.log ?? launch()?.log ?? consoleLogger("info")).child({ app: options.name }),
    rpcTimeout: milliseconds(options.rpcTimeout ?? "30s", "createApp(): rpcTimeout", { least: 1 }),
    publishTimeout: milliseconds(options.publishTimeout ?? "30s", "createApp(): publishTimeout", { least: 1 }),
    resultExpires: milliseconds(options.resultExpires ?? "1d", "createApp(): resultExpires", { least: leastKept }),
    chordExpires: milliseconds(options.chordExpires ?? "7d", "createApp(): chordExpires", { least: leastKept }),
    maxPayload: wholeNumber(options.maxPayload ?? 16 * 1024 * 1024, "maxPayload", place, leastPayload),
    maxPending: wholeNumber(options.maxPending ?? 100_000, "maxPending", place, 1),
    maxUnconfirmed: wholeNumber(options.maxUnconfirmed ?? 10_000, "maxUnconfirmed", place, 1),
    defaultQueue: text(options.defaultQueue ?? "celery", "defaultQueue", place),
    interceptors: withTelemetry(compileInterceptors(options.interceptors), telemetry),
    telemetry: telemetry.length === 0 ? undefined : telemetry,
  };
}

function compileTelemetry(given: unknown): readonly Telemetry[] {
  const all: readonly unknown[] = given === undefined ? [] : Array.isArray(given) ? given : [given];
  for (const each of all) {
    optionsObject(
      each,
      "createApp(): telemetry must be what openTelemetry() of ligature/otel or prometheus() of ligature/prometheus resolves with.",
    );
    if (each instanceof Promise) {
      refuseOption(place, "telemetry", "createApp(): telemetry is a promise: await openTelemetry() and prometheus() first.");
    }
  }
  return all as readonly Telemetry[];
}

/** Telemetry is outermost. */
function withTelemetry(
  { send = [], run = [] }: CompiledAppOptions["interceptors"],
  telemetry: readonly Telemetry[],
): CompiledAppOptions["interceptors"] {
  const sends = [...telemetry.flatMap((each) => each.send ?? []), ...send];
  const runs = [...telemetry.flatMap((each) => each.run ?? []), ...run];
  return { send: sends.length === 0 ? undefined : sends, run: runs.length === 0 ? undefined : runs };
}

const interceptorsPlace: OptionPlace = { prefix: "createApp(): interceptors." };

function compileInterceptors(given: AppInterceptors = {}): CompiledAppOptions["interceptors"] {
  optionsObject(given, "createApp(): interceptors must be an object: { send: […], run: […] }.");
  checkKnown(given, ["send", "run"], "createApp(): interceptors", interceptorsPlace);
  return {
    send: functions(given.send, "send", interceptorsPlace) as readonly SendInterceptor[] | undefined,
    run: functions(given.run, "run", interceptorsPlace) as readonly RunInterceptor[] | undefined,
  };
}

function urls(options: AppOptions): readonly string[] {
  if (!("broker" in options)) return ["memory://"];
  const broker: unknown = options.broker;
  if (!Array.isArray(broker)) return [url(broker, "broker")];
  if (broker.length === 0)
    refuseOption(place, "broker", "createApp(): broker must be a URL or an array of URLs, got an empty array.");
  return Array.from(broker as readonly unknown[], (each, index) => url(each, "broker", `broker[${index}]`));
}

/** What is given and has no value is no default: it would silently be another broker than the one that was meant. */
function url(value: unknown, option: UrlOption, name: string = option): string {
  if (value !== undefined && value !== null && value !== "") return text(value, option, place);
  const example = { broker: "AMQP_URL", backend: "RESULT_BACKEND", store: "REDIS_URL" }[option];
  return refuseOption(
    place,
    option,
    `createApp(): ${name} is ${value === "" ? "an empty string" : String(value)}. If it comes from an environment variable such as ${example}, set that; ${wayOut(option, name)}.`,
  );
}

type UrlOption = "broker" | "backend" | "store";

function wayOut(option: UrlOption, name: string): string {
  if (name !== option) return "an array has no place for what isn't there";
  return {
    broker: "for memory:// leave the option out",
    backend: "for rpc://, or memory:// on a memory broker, leave the option out",
    store: "for the backend's Redis, or memory:// on a memory broker, leave the option out",
  }[option];
}

const isStore = /^(memory|rediss?(-cluster)?):\/\//;

/** The rest of it is checked when it is opened. */
function storeUrl(value: unknown): string {
  const store = url(value, "store");
  if (isStore.test(store)) return store;
  return refuseOption(
    place,
    "store",
    "createApp(): store must be a URL that starts with redis://, rediss://, redis-cluster://, rediss-cluster:// or memory://.",
  );
}

const knownTls = ["ca", "cert", "key", "passphrase", "servername", "verify"] satisfies (keyof BrokerTls)[];

const tlsPlace: OptionPlace = { prefix: "createApp(): brokerTls." };

function compileTls(tls: BrokerTls): BrokerTls {
  optionsObject(tls, "createApp(): brokerTls must be an object of options.");
  checkKnown(tls, knownTls, "createApp(): brokerTls", tlsPlace);
  const { ca, cert, key, passphrase, servername, verify } = tls;
  for (const each of Array.isArray(ca) ? (ca as readonly unknown[]) : [ca]) pem(each, "ca");
  pem(cert, "cert");
  pem(key, "key");
  if ((cert === undefined) !== (key === undefined)) {
    refuseOption(tlsPlace, "cert", "createApp(): brokerTls.cert and brokerTls.key go together.");
  }
  if (passphrase !== undefined) text(passphrase, "passphrase", tlsPlace);
  if (servername !== undefined) text(servername, "servername", tlsPlace);
  if (verify !== undefined) flag(verify, "verify", tlsPlace);
  return tls;
}

/** n.b. a file's name in its place would otherwise be told by OpenSSL, much later and less plainly. */
function pem(value: unknown, option: string): void {
  if (value === undefined) return;
  if ((typeof value === "string" && value.includes("-----BEGIN ")) || (value instanceof Uint8Array && value.length > 0)) return;
  refuseOption(
    tlsPlace,
    option,
    `createApp(): brokerTls.${option} must be PEM, as text or bytes: what the file holds, not its name.`,
  );
}
