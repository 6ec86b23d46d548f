import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { createSecureContext, type TlsOptions as NodeTlsOptions, type ConnectionOptions } from "node:tls";
import type * as amqplib from "amqplib";
import type { ChannelModel } from "amqplib";
import { LigatureError } from "../../../errors/index.ts";
import type { BrokerNode, NodeTls } from "./address.ts";

/** The package, which is loaded when it is needed. */
export type Amqplib = typeof amqplib;

/**
 * One connection to one node, which doesn't come back by itself. Files that the URL names are read each time, so that a
 * certificate that was renewed meanwhile is used.
 * @param signal gives it up while it is being made
 */
export async function openModel(
  { connect, credentials }: Amqplib,
  node: BrokerNode,
  name: string,
  signal: AbortSignal,
): Promise<ChannelModel> {
  const { host, port, tls } = node;
  const target = {
    protocol: tls === undefined ? "amqp" : "amqps",
    hostname: host,
    port,
    vhost: encodeURIComponent(node.virtualHost),
    heartbeat: node.heartbeat,
    channelMax: node.channelMax,
  };
  return connect(target, {
    ...(tls !== undefined && tlsOptions(tls, host)),
    noDelay: true,
    keepAlive: true,
    timeout: node.connectionTimeout,
    signal,
    credentials: node.auth === "external" ? credentials.external() : credentials.plain(node.username, node.password),
    clientProperties: { connection_name: name },
  } as Parameters<Amqplib["connect"]>[1] & { recovery?: undefined });
}

/**
 * Tells at once what would otherwise be told by OpenSSL at each attempt to connect.
 * @throws LigatureError `INVALID_OPTION` when a certificate, a key or a file of them can't be used
 */
export function checkTls({ tls, host }: BrokerNode): void {
  if (tls === undefined) return;
  const options = tlsOptions(tls, host);
  try {
    createSecureContext(options);
  } catch (error) {
    const reason = (error as Error).message.replaceAll(/\s*[\r\n]+\s*/g, " ");
    throw new LigatureError("INVALID_OPTION", `The certificates for the broker can't be used: ${reason}.`, { cause: error });
  }
}

/** What the URL says goes before the app's options. @throws LigatureError `INVALID_OPTION` when a file can't be read */
export function tlsOptions({ options, files }: NodeTls, host: string): ConnectionOptions {
  const ca = files.ca === undefined ? options.ca : read(files.ca, "cacertfile");
  const cert = files.cert === undefined ? options.cert : read(files.cert, "certfile");
  const key = files.key === undefined ? options.key : read(files.key, "keyfile");
  const servername = files.servername ?? options.servername ?? (isIP(host) === 0 ? host : undefined);
  return {
    rejectUnauthorized: files.verify ?? options.verify ?? true,
    ...(ca !== undefined && { ca: ca as NodeTlsOptions["ca"] }),
    ...(cert !== undefined && { cert: cert as NodeTlsOptions["cert"] }),
    ...(key !== undefined && { key: key as NodeTlsOptions["key"] }),
    ...(options.passphrase !== undefined && { passphrase: options.passphrase }),
    ...(servername !== undefined && { servername }),
  };
}

function read(file: string, parameter: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new LigatureError("INVALID_OPTION", `The file that ${parameter} names in the broker's URL can't be read: ${file}`, {
      cause: error,
    });
  }
}
