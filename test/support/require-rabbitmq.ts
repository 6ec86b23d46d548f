/** Tests that need a broker fail without one; they are not skipped. */
export function setup(): void {
  if (!process.env["AMQP_URL"]) {
    throw new Error(
      "These tests need a RabbitMQ, and AMQP_URL names none. `npm test` starts one by itself; " +
        "to have one for a while: node scripts/rabbitmq.mjs",
    );
  }
}
