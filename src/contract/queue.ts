import { checkKnown, oneOf, wholeNumber, type OptionPlace } from "../options/index.ts";
import { checkQueueName, refuse } from "./names.ts";

export interface QueueOptions {
  readonly name: string;
  /**
   * `quorum` is replicated and counts deliveries; `classic` is what a default Celery app declares. A queue of a Celery app that
   * exists is used as it is; this is how it is declared where it doesn't.
   * @default "quorum", and "classic" with `runtime: "celery"`
   */
  readonly type?: "quorum" | "classic";
  /** How often a worker may be lost that runs a request and nothing else, before the request is answered with `WORKER_LOST` and dead-lettered. @default 10 */
  readonly deliveryLimit?: number;
  /** Number of priorities, up to 255; needs `classic`. @default no priorities */
  readonly maxPriority?: number;
  /**
   * How many requests may wait that callers have sent. A send beyond that is refused with `QUEUE_FULL`. What workers owe isn't
   * counted nor refused (retries, callbacks, later steps), and neither is what waits for its time (`countdown`, `eta`). A quorum
   * queue takes up to 33 more for each program that sends at the moment. @default no limit
   */
  readonly maxLength?: number;
}

/** A queue as a contract declares it; every service that sends to it or serves it declares it alike. */
export interface QueueSpec {
  readonly name: string;
  readonly type: "quorum" | "classic";
  readonly deliveryLimit: number;
  readonly maxPriority: number | undefined;
  /** With it callers send to the queue's entry, which refuses what is more. */
  readonly maxLength?: number | undefined;
  /** Whether Ligature declares it (with a dead-letter queue), or a Celery app does. */
  readonly owner: "ligature" | "celery";
}

const knownOptions = ["name", "type", "deliveryLimit", "maxPriority", "maxLength"] satisfies (keyof QueueOptions)[];

export function compileQueue(
  queue: string | QueueOptions | undefined,
  fallback: string,
  owner: QueueSpec["owner"],
  path: readonly string[],
): QueueSpec {
  if (queue !== undefined && typeof queue !== "string" && (typeof queue !== "object" || queue === null)) {
    refuse(path, `A queue must be a name or an object: { name: "${fallback}", type: "classic" }, got ${JSON.stringify(queue)}.`);
  }
  const options: QueueOptions = typeof queue === "string" || queue === undefined ? { name: queue ?? fallback } : queue;
  const place: OptionPlace = { prefix: "", path };
  checkKnown(options, knownOptions, `${fallback}'s queue`, place);
  checkQueueName(options.name, path);
  const type = options.type ?? (owner === "celery" ? "classic" : "quorum");
  oneOf(type, "type", { ...place, prefix: "A queue's " }, ["quorum", "classic"]);
  const deliveryLimit = wholeNumber(options.deliveryLimit ?? 10, "deliveryLimit", place, 1, 10_000);
  const { maxPriority } = options;
  if (maxPriority !== undefined) {
    wholeNumber(maxPriority, "maxPriority", place, 1, 255);
    if (type === "quorum")
      refuse(
        [...path, "maxPriority"],
        `maxPriority needs a queue of type "classic": RabbitMQ's quorum queues have no x-max-priority.`,
      );
  }
  const { maxLength } = options;
  if (maxLength !== undefined) {
    wholeNumber(maxLength, "maxLength", place, 1, 1_000_000_000);
    if (owner === "celery") {
      refuse(
        [...path, "maxLength"],
        `maxLength needs a queue that Ligature declares: the Celery app declares this one, and can limit it by a policy of RabbitMQ ("max-length" with "overflow": "reject-publish").`,
      );
    }
  }
  return Object.freeze({ name: options.name, type, deliveryLimit, maxPriority, maxLength, owner });
}
