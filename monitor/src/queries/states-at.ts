import type { Flow, FlowEvent } from "./flow.ts";

/** What a task of a flow was at a moment. */
export interface StateAt {
  readonly state: string;
  readonly retries: number;
  /** Nobody had heard of it yet. */
  readonly isLater: boolean;
}

const states: Readonly<Record<string, string>> = {
  "task-sent": "PENDING",
  "task-received": "RECEIVED",
  "task-started": "STARTED",
  "task-retried": "RETRY",
  "task-rejected": "REJECTED",
  "task-revoked": "REVOKED",
  "task-failed": "FAILURE",
  "task-succeeded": "SUCCESS",
};
const order = Object.keys(states);

/** What each task was at a moment, by the events up to then. @param at epoch milliseconds; undefined for now */
export function statesAt(flow: Flow, at: number | undefined): ReadonlyMap<string, StateAt> {
  if (at === undefined) {
    return new Map(flow.runs.map(({ id, state, retries }) => [id, { state, retries, isLater: false }]));
  }
  const last = new Map<string, FlowEvent>();
  for (const event of flow.events) {
    if (event.at > at) break;
    const before = last.get(event.run);
    if (before === undefined || !isBefore(event, before)) last.set(event.run, event);
  }
  return new Map(
    flow.runs.map((run) => {
      const event = last.get(run.id);
      if (event !== undefined)
        return [run.id, { state: states[event.type] ?? "PENDING", retries: Math.max(0, event.retries ?? 0), isLater: false }];
      return [run.id, { state: "PENDING", retries: 0, isLater: run.firstAt > at }];
    }),
  );
}

/** Of one attempt, a worker that sends two events at once may have given both the same time. */
function isBefore(event: FlowEvent, other: FlowEvent): boolean {
  const [a, b] = [event.retries ?? -1, other.retries ?? -1];
  return event.at === other.at && (a < b || (a === b && order.indexOf(event.type) < order.indexOf(other.type)));
}
