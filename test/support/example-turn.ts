import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "amqplib";

/** How long the others may take: whole runs of the example system. */
const patience = 240_000;

/**
 * The example system's queues have the same names wherever it runs, so test files that run it on RabbitMQ take turns.
 * @returns how to let the next one go on
 */
export async function exampleTurn(url: string): Promise<() => Promise<void>> {
  const connection = await connect(url);
  const until = Date.now() + patience;
  for (;;) {
    const channel = await connection.createChannel();
    channel.on("error", () => {});
    try {
      // Its connection alone may use an exclusive queue, and it ends with that: also when a test run is killed.
      await channel.assertQueue("ligature-test.example-turn", { exclusive: true });
      return () => connection.close();
    } catch (error) {
      const locked = error instanceof Error && "code" in error && error.code === 405;
      if (!locked || Date.now() > until) {
        await connection.close();
        throw error;
      }
    }
    // RabbitMQ has nothing to wait for here: an exclusive queue's end is told to nobody.
    await sleep(250);
  }
}
