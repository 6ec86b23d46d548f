import type { TaskEvent } from "../events/index.ts";
import { finalRank, stateChanges, type TaskState } from "./states.ts";

/** What a batch's events say of one task, as the database's columns. Times are epoch milliseconds. */
export interface RunPatch {
  readonly id: string;
  root_id?: string;
  parent_id?: string;
  name?: string;
  queue?: string;
  host?: string;
  state: TaskState;
  rank: number;
  /** -1 where no event has said. */
  retries: number;
  first_at: number;
  last_at: number;
  sent_at?: number;
  received_at?: number;
  started_at?: number;
  ended_at?: number;
  eta?: number;
  expires?: number;
  runtime?: number;
  error?: string;
  exception?: string;
  traceback?: string;
  args?: string;
  kwargs?: string;
  result?: string;
  progress?: unknown;
  contract?: string;
  size?: number;
}

/** Adds an event to what the batch says of its task. Any order of a task's events gives the same. */
export function addToPatch(patches: Map<string, RunPatch>, event: TaskEvent, retries: number | undefined): void {
  const { state, rank } = stateChanges[event.type];
  const attempt = retries ?? -1;
  let patch = patches.get(event.id);
  if (patch === undefined) {
    patch = { id: event.id, state, rank, retries: attempt, first_at: event.at, last_at: event.at };
    patches.set(event.id, patch);
  } else {
    patch.first_at = Math.min(patch.first_at, event.at);
    patch.last_at = Math.max(patch.last_at, event.at);
  }
  const isNewer =
    attempt === -1 || patch.retries === -1
      ? rank >= patch.rank
      : attempt > patch.retries || (attempt === patch.retries && rank >= patch.rank);
  patch.retries = Math.max(patch.retries, attempt);
  if (isNewer) {
    patch.state = state;
    patch.rank = rank;
  }
  addFacts(patch, event);
  addTimes(patch, event);
  if (isNewer) addOutcome(patch, event, rank);
}

function addFacts(patch: RunPatch, event: TaskEvent): void {
  if (event.rootId !== undefined) patch.root_id ??= event.rootId;
  if (event.parentId !== undefined) patch.parent_id ??= event.parentId;
  if (event.name !== undefined) patch.name ??= event.name;
  if (event.queue !== undefined) patch.queue = event.queue;
  if (event.args !== undefined) patch.args ??= event.args;
  if (event.kwargs !== undefined) patch.kwargs ??= event.kwargs;
  if (event.eta !== undefined) patch.eta = event.eta;
  if (event.expires !== undefined) patch.expires = event.expires;
  if (event.contract !== undefined) patch.contract = event.contract;
  if (event.size !== undefined) patch.size = event.size;
  // Of task-sent, it is the client's.
  if (event.type !== "task-sent") patch.host = event.host;
}

function addTimes(patch: RunPatch, event: TaskEvent): void {
  if (event.type === "task-sent") patch.sent_at = Math.min(patch.sent_at ?? event.at, event.at);
  if (event.type === "task-received") patch.received_at = Math.max(patch.received_at ?? 0, event.at);
  if (event.type === "task-started") patch.started_at = Math.max(patch.started_at ?? 0, event.at);
  if (event.progress !== undefined) patch.progress = JSON.parse(event.progress) as unknown;
}

function addOutcome(patch: RunPatch, event: TaskEvent, rank: number): void {
  if (rank >= finalRank) patch.ended_at = event.at;
  else delete patch.ended_at;
  if (event.runtime !== undefined) patch.runtime = event.runtime;
  if (event.result !== undefined) patch.result = event.result;
  if (event.type === "task-succeeded") {
    delete patch.error;
    delete patch.exception;
    delete patch.traceback;
  }
  if (event.error !== undefined) patch.error = event.error;
  if (event.exception !== undefined) patch.exception = event.exception;
  if (event.traceback !== undefined) patch.traceback = event.traceback;
}
