import { LigatureError } from "../../../errors/index.ts";

/** Seconds. Two missed ones end a connection that the network dropped silently. */
const defaultHeartbeat = 30;

/** A broker URL, taken apart. */
export interface BrokerAddress {
  /** For amqplib; without the credentials, since it decodes those as Latin-1. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** For people: scheme, host, port and virtual host. */
  readonly display: string;
  readonly virtualHost: string;
}

/**
 * Adds the default heartbeat, unless the URL has one, and RabbitMQ's default user, unless it names one.
 * @throws LigatureError `INVALID_OPTION`; its text never repeats the URL, which may hold a password.
 */
export function parseAddress(text: string): BrokerAddress {
  const url = parseUrl(text);
  const username = decode(url.username);
  const password = decode(url.password);
  url.username = "";
  url.password = "";
  if (!url.searchParams.has("heartbeat")) url.searchParams.set("heartbeat", String(defaultHeartbeat));
  const port = url.port === "" ? (url.protocol === "amqps:" ? "5671" : "5672") : url.port;
  const path = url.pathname.slice(1);
  const anonymous = username === "" && password === "";
  return {
    url: url.href,
    username: anonymous ? "guest" : username,
    password: anonymous ? "guest" : password,
    display: `${url.protocol}//${url.hostname}:${port}${path === "" ? "" : `/${path}`}`,
    virtualHost: path === "" ? "/" : decode(path),
  };
}

function parseUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw invalid("it is no URL");
  }
  if (url.protocol !== "amqp:" && url.protocol !== "amqps:") throw invalid("it starts with neither amqp:// nor amqps://");
  if (url.hostname === "") throw invalid("it names no host");
  const heartbeat = url.searchParams.get("heartbeat");
  if (heartbeat !== null && !/^\d{1,5}$/.test(heartbeat)) throw invalid("its heartbeat must be a whole number of seconds");
  return url;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw invalid('a "%" in its user name, password or virtual host must be written as "%25"');
  }
}

function invalid(reason: string): LigatureError {
  return new LigatureError(
    "INVALID_OPTION",
    `The broker's URL can't be used: ${reason}. It has the form amqp://user:password@host:5672/virtual-host.`,
  );
}
