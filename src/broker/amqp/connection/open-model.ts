import type * as amqplib from "amqplib";
import type { ChannelModel } from "amqplib";
import type { BrokerNode } from "./address.ts";
import { tlsOptions } from "./tls.ts";

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
