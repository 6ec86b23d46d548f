import type { TaskEventType } from "../events/index.ts";

/** What state an event puts a task in, with its rank: of one attempt, the highest holds, in whatever order the events arrive. */
export interface StateChange {
  readonly state: TaskState;
  readonly rank: number;
}

export type TaskState = "PENDING" | "RECEIVED" | "STARTED" | "RETRY" | "REJECTED" | "REVOKED" | "FAILURE" | "SUCCESS";

export const stateChanges: Readonly<Record<TaskEventType, StateChange>> = {
  "task-sent": { state: "PENDING", rank: 1 },
  "task-received": { state: "RECEIVED", rank: 2 },
  "task-started": { state: "STARTED", rank: 3 },
  "task-progress": { state: "STARTED", rank: 3 },
  "task-retried": { state: "RETRY", rank: 4 },
  "task-rejected": { state: "REJECTED", rank: 5 },
  "task-revoked": { state: "REVOKED", rank: 6 },
  "task-failed": { state: "FAILURE", rank: 6 },
  "task-succeeded": { state: "SUCCESS", rank: 7 },
};

/** From this rank on, nothing more is expected of a task. */
export const finalRank = 5;

/** Upper bounds of the histogram's buckets, in seconds; one more bucket takes what is longer. */
export const buckets: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 3600];

export function bucketOf(seconds: number): number {
  const index = buckets.findIndex((bound) => seconds <= bound);
  return index === -1 ? buckets.length : index;
}
