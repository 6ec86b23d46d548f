import { connect } from "amqplib";

/** Removes from a RabbitMQ what tests left there: queues, and the exchanges of Celery's queues, by name. */
export async function deleteQueues(url: string, names: Iterable<string>): Promise<void> {
  const connection = await connect(url, { noDelay: true });
  try {
    const channel = await connection.createChannel();
    for (const name of names) {
      await channel.deleteQueue(name);
      await channel.deleteExchange(name);
    }
  } finally {
    await connection.close();
  }
}
