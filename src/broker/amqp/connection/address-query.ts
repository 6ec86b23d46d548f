import type { BrokerAuth } from "../../broker.ts";

/** Names of PEM files, and how the server's certificate is checked, as far as a URL says so. */
export interface TlsFiles {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly verify: boolean | undefined;
  readonly servername: string | undefined;
}

/** What stands behind the "?" of a broker's URL, with defaults. */
export interface AddressQuery {
  readonly files: TlsFiles;
  readonly auth: BrokerAuth | undefined;
  readonly heartbeat: number;
  readonly connectionTimeout: number;
  readonly channelMax: number;
}

/** Seconds. Two missed ones end a connection that the network dropped silently. */
const defaultHeartbeat = 30;
/** Milliseconds. */
const defaultConnectionTimeout = 10_000;
/** A connection has a channel for each consumer, each claim of a chord, and three more. */
const fewestChannels = 16;

/** RabbitMQ's names (https://www.rabbitmq.com/docs/uri-query-parameters), so that one URL can serve several clients. */
const tlsParameters = ["cacertfile", "certfile", "keyfile", "verify", "server_name_indication"] as const;
const known: readonly string[] = [...tlsParameters, "auth_mechanism", "heartbeat", "connection_timeout", "channel_max"];

/** @param invalid makes the error; n.b. what it is told must not repeat a value, since a misplaced password may be in it */
export function readQuery(query: URLSearchParams, secure: boolean, invalid: (reason: string) => Error): AddressQuery {
  for (const name of query.keys()) {
    if (!known.includes(name)) throw invalid(`it has an unknown parameter${named(name)}; known are ${known.join(", ")}`);
    if (query.getAll(name).length > 1) throw invalid(`its parameter ${name} is there twice`);
  }
  const given = tlsParameters.filter((name) => query.has(name));
  if (!secure && given.length > 0) throw invalid(`${given.join(", ")} is for TLS: the URL has to begin with amqps://`);
  const text = (name: string): string | undefined => {
    const value = query.get(name);
    if (value === "") throw invalid(`its parameter ${name} is empty`);
    return value ?? undefined;
  };
  const number = (name: string, otherwise: number, allowed: (value: number) => boolean, form: string): number => {
    const value = text(name);
    if (value === undefined) return otherwise;
    if (!/^\d{1,9}$/.test(value) || !allowed(Number(value))) throw invalid(`its ${name} must be ${form}`);
    return Number(value);
  };
  return {
    files: tlsFiles(text, invalid),
    auth: authOf(text("auth_mechanism"), invalid),
    heartbeat: number("heartbeat", defaultHeartbeat, (value) => value <= 65_535, "a whole number of seconds up to 65535"),
    connectionTimeout: number(
      "connection_timeout",
      defaultConnectionTimeout,
      (value) => value >= 1,
      "a whole number of milliseconds, at least 1",
    ),
    channelMax: number(
      "channel_max",
      0,
      (value) => value === 0 || (value >= fewestChannels && value <= 65_535),
      `0 (as many as RabbitMQ allows), or a whole number from ${fewestChannels} to 65535`,
    ),
  };
}

function tlsFiles(text: (name: string) => string | undefined, invalid: (reason: string) => Error): TlsFiles {
  const verify = text("verify");
  if (verify !== undefined && verify !== "verify_peer" && verify !== "verify_none") {
    throw invalid("its verify must be verify_peer or verify_none");
  }
  const servername = text("server_name_indication");
  if (servername === "disable") throw invalid("its server_name_indication must be a name: verify=verify_none does without one");
  const [cert, key] = [text("certfile"), text("keyfile")];
  if ((cert === undefined) !== (key === undefined)) throw invalid("certfile and keyfile go together");
  return {
    ca: text("cacertfile"),
    cert,
    key,
    verify: verify === undefined ? undefined : verify === "verify_peer",
    servername,
  };
}

function authOf(mechanism: string | undefined, invalid: (reason: string) => Error): BrokerAuth | undefined {
  const name = mechanism?.toLowerCase();
  if (name === undefined || name === "plain" || name === "external") return name;
  throw invalid("its auth_mechanism must be plain or external");
}

/** A name that nobody would have as a password. */
function named(name: string): string {
  const isLikeOurs = /^[a-z]{2,20}(_[a-z]+)*$/.test(name) || /^(channel|frame)Max$|^maxFrameSize$/.test(name);
  return isLikeOurs ? ` "${name}"` : "";
}
