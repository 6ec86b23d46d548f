import type { QueueSpec } from "../../contract/index.ts";
import type { ContractRef } from "../../signature/index.ts";

/** Milliseconds of RabbitMQ's default `consumer_timeout`: it takes a message back from a consumer that holds it longer. */
const brokersDefault = 30 * 60 * 1000;
/** What a request may take besides its handler: waiting for a slot, retries of what it sends. */
const margin = 5 * 60 * 1000;

/** How long a request of this queue may take, when that is longer than RabbitMQ allows by itself. */
export function holdTimeoutOf(contract: ContractRef, queue: QueueSpec): number | undefined {
  const limits = [...contract.tasks.values()].flatMap(({ spec }) =>
    spec.queue.name === queue.name ? [spec.timeLimit.hard ?? 0] : [],
  );
  const longest = Math.max(0, ...limits);
  return longest > brokersDefault ? longest + margin : undefined;
}

/**
 * Whether the broker lets a consumer say so: RabbitMQ from 3.12 on, for quorum queues (its consumer_timeouts.md).
 * @param product `RabbitMQ 3.10.8`; undefined where nothing is known
 */
export function honoursHoldTimeout(product: string | undefined, queue: QueueSpec): boolean {
  const version = /^RabbitMQ (\d+)\.(\d+)/.exec(product ?? "");
  if (version === null) return true;
  const [major = 0, minor = 0] = version.slice(1).map(Number);
  return queue.type === "quorum" && (major > 3 || (major === 3 && minor >= 12));
}
