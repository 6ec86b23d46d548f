import type { QueueType } from "../side.ts";
import { connect, type Channel, type ChannelModel, type ConfirmChannel } from "amqplib";

/** The exchange that task queues are bound to, as Ligature has it. */
export const taskExchange = "ligature";

/** One connection with a channel for publishing and one for consuming. */
export interface Connection {
  readonly publisher: ConfirmChannel;
  readonly consumer: Channel;
  close(): Promise<void>;
}

export async function openConnection(url: string): Promise<Connection> {
  const model: ChannelModel = await connect(url, { noDelay: true });
  const publisher = await model.createConfirmChannel();
  publisher.on("return", (message) => {
    throw new Error(`A message to ${message.fields.routingKey} came back: no queue took it.`);
  });
  const consumer = await model.createChannel();
  return {
    publisher,
    consumer,
    async close() {
      // Channels first: amqplib's close of a connection overtakes what its channels have still to write.
      await Promise.all([publisher.close(), consumer.close()]);
      await model.close();
    },
  };
}

/** The same arguments as those of Ligature's queues, so that the broker does the same work for both. */
export async function declareTaskQueue(channel: Channel, name: string, type: QueueType = "quorum"): Promise<void> {
  await channel.assertExchange(taskExchange, "topic");
  if (type === "classic") {
    await channel.assertQueue(`${name}.dead`);
    await channel.assertQueue(name, { deadLetterExchange: "", deadLetterRoutingKey: `${name}.dead` });
    await channel.bindQueue(name, taskExchange, name);
    return;
  }
  await channel.assertQueue(`${name}.dead`, { arguments: { "x-queue-type": "quorum" } });
  await channel.assertQueue(name, {
    deadLetterExchange: "",
    deadLetterRoutingKey: `${name}.dead`,
    arguments: {
      "x-queue-type": "quorum",
      "x-delivery-limit": 10,
      "x-overflow": "reject-publish",
      "x-dead-letter-strategy": "at-least-once",
    },
  });
  await channel.bindQueue(name, taskExchange, name);
}
