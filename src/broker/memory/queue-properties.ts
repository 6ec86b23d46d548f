import type { QueueSpec } from "../../contract/index.ts";
import { LigatureError } from "../../errors/index.ts";
import { deadLetterQueue, entryQueue, suspectsQueue, taskExchange, type DeclaredQueue, type JournalQueue } from "../broker.ts";

/** What a queue was declared with: all that a second declaration must repeat (RabbitMQ's queue arguments). */
export interface QueueProperties {
  readonly type: "quorum" | "classic";
  /** Returned more often than this, a message is dead-lettered: as in RabbitMQ, it is delivered once more than the limit says. */
  readonly deliveryLimit: number | undefined;
  readonly maxPriority: number | undefined;
  readonly deadLetterQueue: string | undefined;
  /** Milliseconds without a consumer after which the queue is deleted. */
  readonly expires: number | undefined;
  /** All of it is claimed by one at a time, instead of consumed. */
  readonly claimable: boolean;
  /** More than so many push the first one out. */
  readonly maxLength: number | undefined;
  /** What is published when so many wait is refused. */
  readonly mostWaiting: number | undefined;
}

/** A queue to declare, and the named exchange that reaches it by its name. */
export interface QueueDeclaration {
  readonly name: string;
  readonly properties: QueueProperties;
  readonly exchange: string | undefined;
  /** A queue that exists is used as it is. */
  readonly asFound?: true;
}

const plain: QueueProperties = {
  type: "classic",
  deliveryLimit: undefined,
  maxPriority: undefined,
  deadLetterQueue: undefined,
  expires: undefined,
  claimable: false,
  maxLength: undefined,
  mostWaiting: undefined,
};

/** What to declare, for a queue. */
export function declarationsOf(queue: Exclude<DeclaredQueue, JournalQueue>): readonly QueueDeclaration[] {
  switch (queue.kind) {
    case "task":
      return taskQueues(queue.spec);
    case "suspects": {
      const { name, type } = queue.spec;
      const properties = { ...plain, type, deadLetterQueue: deadLetterQueue(name) };
      return [{ name: suspectsQueue(name), properties, exchange: undefined }];
    }
    case "baton":
      return [{ name: queue.name, properties: { ...plain, type: "quorum" }, exchange: undefined }];
    case "reply":
      return [expiring(queue, {})];
    case "temporary":
      // RabbitMQ has it with a single active consumer, which nothing else has, so it can't be declared as anything else.
      return [expiring(queue, { claimable: true })];
    case "latest-result":
      return [expiring(queue, { maxLength: 1 })];
  }
}

/** The queues that a contract's queue consists of: itself and, unless Celery owns it, its dead-letter queue. */
function taskQueues(spec: QueueSpec): readonly QueueDeclaration[] {
  const { name, type, maxPriority } = spec;
  if (spec.owner === "celery") {
    // Celery's defaults: a direct exchange of the queue's name, bound with the queue's name as key.
    return [{ name, properties: { ...plain, type, maxPriority }, exchange: name, asFound: true }];
  }
  const dead = deadLetterQueue(name);
  // As in RabbitMQ, only quorum queues count deliveries against a limit.
  const deliveryLimit = type === "quorum" ? spec.deliveryLimit : undefined;
  const properties = { ...plain, type, maxPriority, deliveryLimit, deadLetterQueue: dead };
  const entry = { name: entryQueue(name), properties: { ...properties, mostWaiting: spec.maxLength }, exchange: undefined };
  return [
    { name: dead, properties: { ...plain, type }, exchange: undefined },
    ...(spec.maxLength === undefined ? [] : [entry]),
    { name, properties, exchange: taskExchange },
  ];
}

function expiring(
  { name, expires }: { readonly name: string; readonly expires: number },
  more: Partial<QueueProperties>,
): QueueDeclaration {
  return { name, properties: { ...plain, expires, ...more }, exchange: undefined };
}

const labels: readonly (readonly [keyof QueueProperties, string])[] = [
  ["type", "type"],
  ["deliveryLimit", "delivery limit"],
  ["maxPriority", "highest priority"],
  ["deadLetterQueue", "dead-letter queue"],
  ["expires", "expiry"],
  ["claimable", "single active consumer"],
  ["maxLength", "greatest length"],
  ["mostWaiting", "most requests that wait"],
];

/** @throws LigatureError `QUEUE_MISMATCH` naming each property that differs. */
export function checkSameProperties(name: string, existing: QueueProperties, declared: QueueProperties): void {
  const differences = labels
    .filter(([key]) => existing[key] !== declared[key])
    .map(([key, label]) => `${label} ${existing[key] ?? "none"} instead of ${declared[key] ?? "none"}`);
  if (differences.length === 0) return;
  throw new LigatureError(
    "QUEUE_MISMATCH",
    `Queue "${name}" exists with other properties than declared now: ${differences.join(", ")}. ` +
      "Declare it alike everywhere, or under another name.",
    { details: { queue: name, existing, declared } },
  );
}
