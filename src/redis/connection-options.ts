import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import type { RedisOptions } from "ioredis";
import { LigatureError } from "../errors/index.ts";
import type { RedisAddress, RedisNode, RedisUrlOption, TlsFiles } from "./address.ts";

/** Milliseconds until an attempt to connect is given up. */
const connectTimeout = 10_000;
/** Milliseconds without an answer to a command, after which a connection counts as lost. */
const socketTimeout = 30_000;
const firstDelay = 100;
const longestDelay = 5000;
/** When only a person can mend it, such as a wrong password. */
const refusedDelay = 15_000;
/** Milliseconds until a command is tried again that a connection in good order didn't carry: a cluster's node is away, say. */
export const clusterRetryPause = 250;

/** What ioredis takes, as far as it is used here. */
export type CommonOptions = Pick<
  RedisOptions,
  | "connectTimeout"
  | "socketTimeout"
  | "maxRetriesPerRequest"
  | "autoResubscribe"
  | "connectionName"
  | "username"
  | "password"
  | "tls"
  | "db"
>;

/**
 * What every connection to Redis has in common, but the host.
 * @throws LigatureError `INVALID_OPTION` when a file of the URL's TLS options can't be read
 */
export function commonOptions(address: RedisAddress, name: string): CommonOptions {
  return {
    connectTimeout,
    socketTimeout,
    // Not ioredis's business: commands are sent when there is a connection, and repeated by Commands.
    maxRetriesPerRequest: null,
    autoResubscribe: false,
    connectionName: name,
    ...(address.username !== undefined && { username: address.username }),
    ...(address.password !== undefined && { password: address.password }),
    ...(address.tls !== undefined && { tls: tlsOptions(address.tls, address.option) }),
    db: address.db,
  };
}

/** Where one connection goes. */
export function towards(
  node: RedisNode,
  common: CommonOptions,
): CommonOptions & { readonly host: string; readonly port: number } {
  const { tls } = common;
  // Node wants no address in place of a name.
  const named = tls === undefined || /^[\d.]+$|:/.test(node.host) ? tls : { servername: node.host, ...tls };
  return { ...common, host: node.host, port: node.port, ...(named !== undefined && { tls: named }) };
}

/** @param refused whether the latest failure was one that only a person can mend */
export function delayOf(attempt: number, refused: boolean): number {
  const delay = refused ? refusedDelay : Math.min(longestDelay, firstDelay * 2 ** Math.min(attempt - 1, 10));
  // Services that lost Redis together shall not come back together.
  return delay * (0.8 + Math.random() * 0.2);
}

function tlsOptions({ verify, ca, cert, key }: TlsFiles, option: RedisUrlOption): ConnectionOptions {
  const read = (file: string, parameter: string): Buffer => contentOf(file, parameter, option);
  return {
    rejectUnauthorized: verify,
    ...(ca !== undefined && { ca: read(ca, "ssl_ca_certs") }),
    ...(cert !== undefined && { cert: read(cert, "ssl_certfile") }),
    ...(key !== undefined && { key: read(key, "ssl_keyfile") }),
  };
}

function contentOf(file: string, parameter: string, option: RedisUrlOption): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new LigatureError("INVALID_OPTION", `The file that ${parameter} names in the ${option}'s URL can't be read: ${file}`, {
      cause: error,
    });
  }
}
