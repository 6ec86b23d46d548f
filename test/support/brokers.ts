/** The URL of the RabbitMQ under test. `npm test` starts one; by hand: `node scripts/rabbitmq.mjs`. */
export function amqpUrl(): string {
  const url = process.env["AMQP_URL"];
  if (url === undefined || url === "") {
    throw new Error(
      "AMQP_URL is not set: these tests need RabbitMQ. Run them with `npm test`, or start one with `node scripts/rabbitmq.mjs`.",
    );
  }
  return url;
}

/** The URL of the Redis under test. `npm test` starts one; by hand: `node scripts/redis.mjs`. */
export function redisUrl(): string {
  const url = process.env["REDIS_URL"];
  if (url === undefined || url === "") {
    throw new Error(
      "REDIS_URL is not set: these tests need Redis. Run them with `npm test`, or start one with `node scripts/redis.mjs`.",
    );
  }
  return url;
}

/** What conformance tests run against. */
export const brokers: readonly { readonly name: string; readonly url: () => string }[] = [
  { name: "memory", url: () => "memory://" },
  { name: "RabbitMQ", url: amqpUrl },
];
