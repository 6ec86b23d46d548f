import type { TaskRef } from "../../signature/index.ts";
import type { Route } from "./task-message.ts";
import type { WireSignature } from "./wire-signature.ts";

/** The durable topic exchange that Ligature's task queues are bound to, each by its own name as routing key. */
export const taskExchange = "ligature";

/**
 * A contract's route for a task, unless `queue` overrides it: our topic exchange, or a Celery app's queue by name.
 * An override must be a queue of the same kind: one that Ligature declares, or one of the Celery app's.
 */
export function routeOfTask(task: TaskRef, queue?: string): Route {
  const { name, owner } = task.spec.queue;
  return { exchange: owner === "celery" ? "" : taskExchange, routingKey: queue ?? name };
}

/** The name of the queue in front of one with `maxLength`: callers send to it, and it refuses what is too much. */
export function entryQueue(queue: string): string {
  return `${queue}.entry`;
}

/**
 * A contract's route for callers, who can be refused. Everybody else, whom nobody would tell of a refusal, goes by
 * {@link routeOfTask}: workers with what they owe, the broker with what was delayed, Python.
 */
export function entryRouteOfTask(task: TaskRef): Route {
  const { name, maxLength } = task.spec.queue;
  return maxLength === undefined ? routeOfTask(task) : { exchange: "", routingKey: entryQueue(name) };
}

/**
 * The same route in the options of a signature, in the form that a Python worker honours. With a named exchange it
 * publishes without declaring our queue, which would fail since its arguments differ; the default exchange it would
 * ignore. A Celery app's queue it may, and must, declare as all Celery apps do.
 */
export function routingOptions(task: TaskRef, queue?: string): { exchange: string; routing_key: string } | { queue: string } {
  const { exchange, routingKey } = routeOfTask(task, queue);
  return exchange === "" ? { queue: routingKey } : { exchange, routing_key: routingKey };
}

/** Where a wire signature wants to go, as Celery decides it (celery.app.amqp.send_task_message); `defaultQueue` when it doesn't say. */
export function routeOf(signature: WireSignature, defaultQueue: string): Route {
  const { exchange, routing_key: routingKey, queue } = signature.options;
  if (isName(exchange)) return { exchange, routingKey: routingKey ?? "" };
  if (isName(queue)) return { exchange: "", routingKey: queue };
  return { exchange: "", routingKey: exchange === "" && isName(routingKey) ? routingKey : defaultQueue };
}

function isName(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}
