import { LigatureError } from "../errors/index.ts";

/** The option of an app that a URL was given as, for messages. */
export type RedisUrlOption = "backend" | "store";

/** A Redis URL, taken apart. */
export interface RedisAddress {
  readonly option: RedisUrlOption;
  /** Whether `nodes` are some of a cluster's. Otherwise it is one. */
  readonly cluster: boolean;
  readonly nodes: readonly RedisNode[];
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly db: number;
  readonly tls: TlsFiles | undefined;
  /** What all keys begin with. */
  readonly prefix: string;
  /** For people: scheme, hosts, ports and database; no credentials. */
  readonly display: string;
}

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** Names of PEM files, and whether the server's certificate is checked. */
export interface TlsFiles {
  readonly verify: boolean;
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

const form = /^(rediss?)(-cluster)?:\/\/(?:([^@/?#]*)@)?([^@/?#]*)(?:\/([^/?#]*))?(?:\?([^#]*))?$/;
const nodeForm = /^(\[[\da-f:.]+\]|[^\s:[\]]+)(?::(\d{1,5}))?$/i;
/** The names of TLS options are Celery's, so that one URL can serve both. */
const tlsOptions = ["ssl_cert_reqs", "ssl_ca_certs", "ssl_certfile", "ssl_keyfile"] as const;
const known: readonly string[] = ["prefix", ...tlsOptions];

/**
 * Reads `redis://user:password@host:6379/0?prefix=…`, `rediss://…` (TLS), `redis-cluster://host:6379,host:6379` and `rediss-cluster://…`.
 * @throws LigatureError `INVALID_OPTION`; its text never repeats the URL, which may hold a password.
 */
export function parseRedisUrl(text: string, option: RedisUrlOption = "backend"): RedisAddress {
  try {
    return { option, ...addressOf(text) };
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    throw new LigatureError(
      "INVALID_OPTION",
      `The ${option}'s URL can't be used: ${error.message}. It has the form redis://user:password@host:6379/0, rediss://… for TLS, or redis-cluster://host:6379,host:6379.`,
      { details: { option } },
    );
  }
}

function addressOf(text: string): Omit<RedisAddress, "option"> {
  if (/^[a-z-]+:\/\/[^@]*[/?#][^?]*@/.test(text))
    throw invalid('"/", "?" and "#" in its user name or password are percent-encoded');
  const parts = form.exec(text);
  if (parts === null) throw invalid("it doesn't have that form");
  const [, scheme = "", clusterSuffix, credentials = "", hosts = "", path = "", query = ""] = parts;
  if (/@|:\/\//.test(`${path}?${query}`))
    throw invalid("it is followed by another URL, or has an @ that isn't percent-encoded (%40)");
  const cluster = clusterSuffix !== undefined;
  const secure = scheme === "rediss";
  const nodes = (hosts === "" ? ["localhost"] : hosts.split(",")).map(nodeOf);
  if (!cluster && nodes.length > 1) throw invalid("several hosts make a cluster, whose URL begins with redis-cluster://");
  const db = databaseOf(path);
  if (cluster && db !== 0) throw invalid("a cluster has no database but 0");
  const options = optionsOf(query);
  const given = tlsOptions.filter((name) => options.has(name));
  if (!secure && given.length > 0) throw invalid(`${given.join(", ")} is for TLS: the URL has to begin with rediss://`);
  const [username, password] = credentialsOf(credentials);
  return {
    cluster,
    nodes,
    username,
    password,
    db,
    tls: secure ? tlsFilesOf(options) : undefined,
    prefix: prefixOf(options.get("prefix") ?? ""),
    display: `${scheme}${clusterSuffix ?? ""}://${nodes.map(displayOf).join(",")}${db === 0 ? "" : `/${db}`}`,
  };
}

function nodeOf(text: string): RedisNode {
  const [, host, port = "6379"] = nodeForm.exec(text) ?? [];
  if (host === undefined) throw invalid("a host is a name or an address (IPv6 in brackets), with its port behind a colon");
  if (Number(port) < 1 || Number(port) > 65_535) throw invalid("a port is a number from 1 to 65535");
  return { host: host.replaceAll(/[[\]]/g, ""), port: Number(port) };
}

function displayOf({ host, port }: RedisNode): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function databaseOf(path: string): number {
  if (path === "") return 0;
  if (!/^\d{1,9}$/.test(path)) throw invalid("what follows the host must be the number of a database");
  return Number(path);
}

function optionsOf(query: string): URLSearchParams {
  const options = new URLSearchParams(query);
  for (const name of options.keys()) {
    if (!known.includes(name))
      throw invalid(`it has an unknown option${/^[a-z_]{2,30}$/.test(name) ? ` "${name}"` : ""}; known are ${known.join(", ")}`);
    if (options.getAll(name).length > 1) throw invalid(`its option "${name}" is there twice`);
  }
  return options;
}

/** Celery's `global_keyprefix` gets an underscore, too, when it doesn't end in something that separates. */
function prefixOf(prefix: string): string {
  if (/[{}]/.test(prefix)) throw invalid("a prefix can't hold braces, which have a meaning in clusters");
  return prefix === "" || /[:_.-]$/.test(prefix) ? prefix : `${prefix}_`;
}

function tlsFilesOf(options: URLSearchParams): TlsFiles {
  const requirement = options.get("ssl_cert_reqs") ?? "required";
  const level = requirement.toLowerCase().replace(/^cert_/, "");
  if (!["required", "optional", "none"].includes(level)) {
    throw invalid("ssl_cert_reqs must be required, optional (the same, for a client) or none");
  }
  const file = (name: (typeof tlsOptions)[number]): string | undefined => options.get(name) ?? undefined;
  const [cert, key] = [file("ssl_certfile"), file("ssl_keyfile")];
  if ((cert === undefined) !== (key === undefined)) throw invalid("ssl_certfile and ssl_keyfile go together");
  return { verify: level !== "none", ca: file("ssl_ca_certs"), cert, key };
}

function credentialsOf(text: string): readonly [username: string | undefined, password: string | undefined] {
  const colon = text.indexOf(":");
  const [username, password] = colon === -1 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
  return [decode(username), decode(password)];
}

function decode(part: string): string | undefined {
  try {
    return part === "" ? undefined : decodeURIComponent(part);
  } catch {
    throw invalid('a "%" in its user name or password must be written as "%25"');
  }
}

/** Its text says what is wrong with a URL, without repeating it. */
class Unusable extends Error {}

function invalid(reason: string): Unusable {
  return new Unusable(reason);
}
