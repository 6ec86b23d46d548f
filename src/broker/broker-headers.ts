/**
 * Headers that no broker takes from a publisher: RabbitMQ's own notes about earlier deliveries, which RabbitMQ
 * before 4.0.1 takes for a cycle of dead letters and drops the message (celery#10111), and its two headers that
 * send copies to further queues.
 */
export const brokerHeaders: ReadonlySet<string> = new Set([
  "x-death",
  "x-first-death-exchange",
  "x-first-death-queue",
  "x-first-death-reason",
  "x-last-death-exchange",
  "x-last-death-queue",
  "x-last-death-reason",
  "x-delivery-count",
  "x-acquired-count",
  "CC",
  "BCC",
]);
