import { milliseconds, type Duration } from "../contract/index.ts";
import { consoleLogger, type Logger } from "../logging/index.ts";
import type { BrokerAuth, BrokerTls } from "../broker/index.ts";
import { checkKnown, flag, oneOf, optionsObject, refuseOption, text, wholeNumber, type OptionPlace } from "../options/index.ts";

export interface AppOptions {
  /** Names the app in logs, in the broker's list of connections and in its reply queue. Letters, digits, `_`, `-` and `.`. */
  readonly name: string;
  /**
   * `memory://` (this process only; `memory://<name>` for several that don't meet), `amqp://user:password@host:port/vhost`
   * or `amqps://…` (TLS). Several URLs, as an array or with ";" between them, are the nodes of one RabbitMQ: the first is drawn
   * by lot, and the others are tried when it fails. @default "memory://"
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
  /** A pino logger, or anything of its shape. @default warnings and errors on standard error */
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
  readonly broker: readonly string[];
  readonly brokerTls: BrokerTls | undefined;
  readonly brokerAuth: BrokerAuth;
  readonly retryRefused: boolean;
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
  "brokerTls",
  "brokerAuth",
  "refusedLogin",
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
  const broker = urls(options.broker ?? "memory://");
  return {
    name: options.name,
    broker,
    brokerTls: options.brokerTls === undefined ? undefined : compileTls(options.brokerTls),
    brokerAuth: oneOf(options.brokerAuth ?? "plain", "brokerAuth", place, ["plain", "external"]),
    retryRefused: oneOf(options.refusedLogin ?? "fail", "refusedLogin", place, ["fail", "retry"]) === "retry",
    backend: text(options.backend ?? (broker[0]?.startsWith("memory:") === true ? broker[0] : "rpc://"), "backend", place),
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

function urls(broker: unknown): readonly string[] {
  if (!Array.isArray(broker)) return [text(broker, "broker", place)];
  if (broker.length === 0)
    refuseOption(place, "broker", "createApp(): broker must be a URL or an array of URLs, got an empty array.");
  return broker.map((url: unknown) => text(url, "broker", place));
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
