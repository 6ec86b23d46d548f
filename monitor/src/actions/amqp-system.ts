import type { ChannelModel } from "amqplib";
import { createApp, silentLogger } from "ligature";
import type { System } from "./system.ts";

/** Milliseconds for which a queue that isn't there isn't asked for again. */
const missingFor = 30_000;

/** A system that meets at a RabbitMQ. */
export function amqpSystem(url: string): System {
  const app = createApp({ name: "monitor", broker: url, log: silentLogger });
  const missing = new Map<string, number>();
  let connection: Promise<ChannelModel> | undefined;
  const connect = async (): Promise<ChannelModel> => {
    const { connect: open } = await import("amqplib");
    const opened = await open(url, { clientProperties: { connection_name: "ligature monitor, queues" } });
    opened.on("error", () => undefined);
    opened.on("close", () => (connection = undefined));
    return opened;
  };
  return {
    async queues(names) {
      const found = new Map<string, { readonly ready: number; readonly consumers: number }>();
      connection ??= connect();
      const open = await connection.catch(() => {
        connection = undefined;
        return undefined;
      });
      if (open === undefined) return found;
      let channel = await channelOf(open);
      for (const name of names) {
        if ((missing.get(name) ?? 0) > Date.now()) continue;
        if (channel === undefined) break;
        try {
          const { messageCount, consumerCount } = await channel.checkQueue(name);
          found.set(name, { ready: messageCount, consumers: consumerCount });
        } catch {
          // The answer to a question about a queue that isn't there is the end of the channel.
          missing.set(name, Date.now() + missingFor);
          channel = await channelOf(open);
        }
      }
      await channel?.close().catch(() => undefined);
      return found;
    },
    revoke: (ids, terminate) => app.revoke(ids, { terminate }),
    async close() {
      await app.close();
      const open = await connection?.catch(() => undefined);
      await open?.close().catch(() => undefined);
    },
  };
}

async function channelOf(connection: ChannelModel): Promise<Awaited<ReturnType<ChannelModel["createChannel"]>> | undefined> {
  try {
    const channel = await connection.createChannel();
    channel.on("error", () => undefined);
    return channel;
  } catch {
    return undefined;
  }
}
