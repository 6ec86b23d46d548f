/** A task's row, as pages show it. Times are epoch milliseconds. */
export interface Run {
  readonly id: string;
  readonly rootId: string | null;
  readonly parentId: string | null;
  readonly name: string | null;
  readonly queue: string | null;
  readonly host: string | null;
  readonly state: string;
  readonly retries: number;
  readonly firstAt: number;
  readonly sentAt: number | null;
  readonly receivedAt: number | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly eta: number | null;
  readonly expires: number | null;
  /** Seconds. */
  readonly runtime: number | null;
  readonly error: string | null;
  readonly exception: string | null;
  readonly progress: unknown;
}

const time = (column: string, name: string): string => `(extract(epoch from ${column}) * 1000)::float8 as "${name}"`;

/** The columns of a {@link Run}. */
export const runColumns: string = [
  "id",
  'root_id as "rootId"',
  'parent_id as "parentId"',
  "name",
  "queue",
  "host",
  "state",
  "greatest(retries, 0) as retries",
  time("first_at", "firstAt"),
  time("sent_at", "sentAt"),
  time("received_at", "receivedAt"),
  time("started_at", "startedAt"),
  time("ended_at", "endedAt"),
  time("eta", "eta"),
  time("expires", "expires"),
  "runtime",
  "error",
  "exception",
  "progress",
].join(", ");
