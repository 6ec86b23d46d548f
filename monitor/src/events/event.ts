/** What workers and clients say of one task. The names are Celery's; `task-progress` is Ligature's own. */
export const taskEventTypes = [
  "task-sent",
  "task-received",
  "task-started",
  "task-progress",
  "task-retried",
  "task-rejected",
  "task-succeeded",
  "task-failed",
  "task-revoked",
] as const;

export type TaskEventType = (typeof taskEventTypes)[number];

interface Numbered {
  /** Where it was made: a worker's or client's node name. */
  readonly host: string;
  /** Epoch milliseconds by the clock of whoever made it; by the monitor's own where that one can't be right. */
  readonly at: number;
  /** Epoch milliseconds by the monitor's clock. */
  readonly receivedAt: number;
  /** The same for the same event, however often it arrives; in the form of a UUID. */
  readonly key: string;
  /** One start of a process, where its events are numbered. */
  readonly boot?: string;
  /** Counts up by one with each event of a boot. */
  readonly seq?: number;
}

export interface TaskEvent extends Numbered {
  readonly kind: "task";
  readonly type: TaskEventType;
  readonly id: string;
  readonly name?: string;
  readonly queue?: string;
  readonly rootId?: string;
  readonly parentId?: string;
  readonly retries?: number;
  /** As text, as far as it was sent. */
  readonly args?: string;
  readonly kwargs?: string;
  readonly result?: string;
  /** Epoch milliseconds. */
  readonly eta?: number;
  readonly expires?: number;
  /** Seconds. */
  readonly runtime?: number;
  /** The error's class. */
  readonly error?: string;
  readonly exception?: string;
  readonly traceback?: string;
  /** JSON. */
  readonly progress?: string;
  /** Fingerprint of the contract that it was sent by. */
  readonly contract?: string;
  /** Bytes of the request's body. */
  readonly size?: number;
}

export interface WorkerEvent extends Numbered {
  readonly kind: "worker";
  readonly type: "worker-online" | "worker-heartbeat" | "worker-offline";
  readonly pid?: number;
  /** Seconds between heartbeats. */
  readonly every: number;
  /** Tasks that run now. */
  readonly active?: number;
  /** Tasks since it started. */
  readonly processed?: number;
  readonly load?: readonly number[];
  /** `py-celery 5.2.6`. */
  readonly software?: string;
}

export type MonitorEvent = TaskEvent | WorkerEvent;

/** Why something isn't an event that can be kept: counted under this name. */
export type Oddity = "malformed" | "unknown type" | "too old";
