import type { BrokerAuth, BrokerTls } from "../../broker.ts";
import { LigatureError } from "../../../errors/index.ts";
import { readQuery, type TlsFiles } from "./address-query.ts";

/** A broker: one node, or several that are as good as each other. */
export interface BrokerAddress {
  /** At least one. */
  readonly nodes: readonly BrokerNode[];
  /** For people: scheme, host, port and virtual host of each; nothing that may be secret. */
  readonly display: string;
}

/** A node's URL, taken apart. */
export interface BrokerNode {
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  readonly virtualHost: string;
  readonly username: string;
  readonly password: string;
  /** `external`: whoever the client certificate names. */
  readonly auth: BrokerAuth;
  /** Undefined for a connection that isn't encrypted. */
  readonly tls: NodeTls | undefined;
  /** Seconds. 0 is none. */
  readonly heartbeat: number;
  /** Milliseconds until an attempt to connect is given up. */
  readonly connectionTimeout: number;
  /** Channels on a connection. 0 is RabbitMQ's own limit. */
  readonly channelMax: number;
  /** As {@link BrokerAddress.display}. */
  readonly display: string;
}

/** Of the app's options, and what the URL says instead. */
export interface NodeTls {
  readonly options: BrokerTls;
  readonly files: TlsFiles;
}

export interface AddressOptions {
  readonly tls?: BrokerTls | undefined;
  readonly auth?: BrokerAuth | undefined;
}

/** RabbitMQ's standard ports. */
const plainPort = 5672;
const tlsPort = 5671;

/**
 * One URL, several as an array, or several in one string with ";" between them, as Celery has it.
 * @throws LigatureError `INVALID_OPTION`; its text repeats no URL, which may hold a password, nor a part of one.
 */
export function parseAddress(given: string | readonly string[], options: AddressOptions = {}): BrokerAddress {
  const urls = (typeof given === "string" ? [given] : given).flatMap(separate);
  if (urls.length === 0) throw invalid("there is none");
  const nodes = urls.map((url) => parseNode(url, options));
  return { nodes, display: [...new Set(nodes.map(({ display }) => display))].join(", ") };
}

/** n.b. a lone ";" may be a part of a password or of a virtual host. */
function separate(text: string): readonly string[] {
  return text
    .trim()
    .replace(/;$/, "")
    .split(/;\s*(?=amqps?:\/\/)/);
}

function parseNode(text: string, options: AddressOptions): BrokerNode {
  const url = parseUrl(text);
  const secure = url.protocol === "amqps:";
  const query = readQuery(url.searchParams, secure, invalid);
  const auth = query.auth ?? options.auth ?? "plain";
  const [username, password] = [decode(url.username), decode(url.password)];
  const anonymous = username === "" && password === "";
  const port = url.port === "" ? (secure ? tlsPort : plainPort) : Number(url.port);
  const path = url.pathname.slice(1);
  return {
    host: url.hostname.replaceAll(/[[\]]/g, ""),
    port,
    virtualHost: path === "" ? "/" : decode(path),
    username: anonymous ? "guest" : username,
    password: anonymous ? "guest" : password,
    auth,
    tls: secure ? { options: options.tls ?? {}, files: query.files } : undefined,
    heartbeat: query.heartbeat,
    connectionTimeout: query.connectionTimeout,
    channelMax: query.channelMax,
    display: `${url.protocol}//${url.hostname}:${port}${path === "" ? "" : `/${path}`}`,
  };
}

/** A name, an IPv4 address, or an IPv6 address in brackets. */
const hostForm = /^([\w.-]+|\[[\da-f:.]+\])$/i;

/**
 * n.b. whoever forgets to encode a "/", "?" or "#" in a password ends the host there, so that the rest of the password is in
 * the path, the query or the fragment; and a second URL behind a "," is in the path of the first. Both have an "@" or "://" there.
 */
function parseUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw invalid("it is no URL, or has a special character that must be percent-encoded, such as %2F for a / in a password");
  }
  if (url.protocol !== "amqp:" && url.protocol !== "amqps:") throw invalid("it starts with neither amqp:// nor amqps://");
  if (url.hostname === "") throw invalid("it names no host");
  const rest = `${url.pathname}${url.search}${url.hash}`;
  if (rest.includes("://")) throw invalid('several URLs are given as an array, or in one string with ";" between them');
  if (rest.includes("@") || url.hash !== "" || text.endsWith("#")) {
    throw invalid(
      '"/", "?", "#" and "@" in its user name, password or virtual host must be percent-encoded (%2F, %3F, %23, %40)',
    );
  }
  if (!hostForm.test(url.hostname))
    throw invalid("its host is neither a name nor an address; several URLs are given as an array");
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
