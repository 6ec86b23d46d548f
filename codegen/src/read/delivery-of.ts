import type { QueueSpec, TaskSpec } from "ligature/contract";
import type { DeliveryModel, QueueModel } from "../model/contract-model.ts";

export function queueOf({ name, type, deliveryLimit, maxPriority, maxLength }: QueueSpec): QueueModel {
  return {
    name,
    type,
    deliveryLimit,
    ...(maxPriority !== undefined && { maxPriority }),
    ...(maxLength !== undefined && { maxLength }),
  };
}

/** How a task is delivered: what the contract says, without what it doesn't. */
export function deliveryOf(task: TaskSpec): DeliveryModel {
  const { soft, hard } = task.timeLimit;
  return {
    ...(task.priority !== undefined && { priority: task.priority }),
    ...(task.retry !== undefined && { retry: { ...task.retry, on: [...task.retry.on] } }),
    ...((soft !== undefined || hard !== undefined) && {
      timeLimit: { ...(soft !== undefined && { soft }), ...(hard !== undefined && { hard }) },
    }),
    ...(task.expires !== undefined && { expires: task.expires }),
    ack: task.ack,
    ignoreResult: task.ignoreResult,
  };
}
