import { connect, type Channel, type ChannelModel } from "amqplib";
import { silentLogger, type Logger } from "ligature";
import { onTestFinished } from "vitest";
import type { Broker, BrokerOptions } from "../../src/dist/broker/index.js";
import { amqpUrl } from "./brokers.ts";
import { Inbox } from "./inbox.ts";
import type { TcpProxy } from "./tcp-proxy.ts";
import { openBroker } from "./open.ts";

/** A broker on RabbitMQ, perhaps through a proxy; closed when the test ends. */
export function openRabbitmq(
  options: Partial<BrokerOptions> & { readonly url?: string; readonly proxy?: TcpProxy } = {},
): Broker {
  const { proxy, url = amqpUrl(), ...given } = options;
  const broker = openBroker(proxy?.through(url) ?? url, {
    name: "integration",
    log: silentLogger,
    publishTimeout: 30_000,
    maxPayload: 16 * 1024 * 1024,
    maxUnconfirmed: 20_000,
    ...given,
  });
  onTestFinished(() => broker.close());
  return broker;
}

/** A logger whose lines can be awaited: a broker tells there that it lost its connection. */
export function logInbox(): { readonly log: Logger; readonly lines: Inbox<string> } {
  const lines = new Inbox<string>();
  const put = (level: string) => (_fields: object, message: string) => lines.put(`${level}: ${message}`);
  const log: Logger = { debug: put("debug"), info: put("info"), warn: put("warn"), error: put("error"), child: () => log };
  return { log, lines };
}

/** amqplib without us, for what happens behind the broker's back; closed when the test ends. */
export async function rawConnection(url: string = amqpUrl()): Promise<ChannelModel> {
  const connection = await connect(url, { noDelay: true });
  connection.on("error", () => {});
  onTestFinished(() => connection.close().catch(() => {}));
  return connection;
}

export async function rawChannel(url?: string): Promise<Channel> {
  const channel = await (await rawConnection(url)).createChannel();
  channel.on("error", () => {});
  return channel;
}

/** The first bytes of AMQP methods, for counting them on the wire: class and method, two bytes each. */
export const methods = {
  queueDeclare: Buffer.from([0, 50, 0, 10]),
  basicPublish: Buffer.from([0, 60, 0, 40]),
  basicAck: Buffer.from([0, 60, 0, 80]),
} as const;

/**
 * Counts the method frames of one kind among the bytes that a client sends. Frames are followed from the first on,
 * so that nothing in a body is taken for one.
 */
export class FrameCounter {
  readonly #method: Buffer;
  /** Per connection what isn't a whole frame yet; the first eight bytes greet the server. */
  #rest = Buffer.alloc(0);
  #greeted = false;
  count = 0;

  constructor(method: Buffer) {
    this.#method = method;
  }

  /** For one connection's bytes, in order. */
  readonly see = (chunk: Buffer): Buffer => {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    if (!this.#greeted && this.#rest.length >= 8) {
      this.#rest = this.#rest.subarray(8);
      this.#greeted = true;
    }
    while (this.#greeted && this.#rest.length >= 8) {
      const end = 8 + this.#rest.readUInt32BE(3);
      if (this.#rest.length < end) break;
      if (this.#rest[0] === 1 && this.#rest.subarray(7, 11).equals(this.#method)) this.count += 1;
      this.#rest = this.#rest.subarray(end);
    }
    return chunk;
  };
}
