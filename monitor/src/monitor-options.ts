import type { AccessOptions } from "./access/index.ts";
import type { System } from "./actions/index.ts";
import type { EventSource } from "./events/index.ts";
import type { Database } from "./store/index.ts";

export interface MonitorOptions extends AccessOptions {
  /** The broker that workers and clients meet at: an AMQP URL. */
  readonly broker: string;
  /**
   * Where events are kept: a folder for an embedded PostgreSQL, which survives a crash of the process but not a power cut, or the
   * URL of a PostgreSQL server, which needs the package pg.
   * @default "ligature-monitor" in the current folder
   */
  readonly database?: string | undefined;
  /**
   * The queue that collects events, for an hour also while the monitor isn't running. Two monitors of one name take turns.
   * @default "ligature.monitor"
   */
  readonly queue?: string | undefined;
  /** Whether workers are asked to tell of their tasks; else only those are heard that do so by themselves (Celery's with `-E`). @default true */
  readonly ask?: boolean | undefined;
  /** Days for which details are kept. Counts are kept for good: by the minute so long, then by the hour. @default 7 */
  readonly keepDays?: number | undefined;
  /** How many events may wait in memory for the database; beyond that they are counted, and their details are dropped. @default 50000 */
  readonly maxWaiting?: number | undefined;
  /** The path that the pages are below, such as `/monitor`. @default "" */
  readonly base?: string | undefined;
  /** What the pages are called. @default "Ligature" */
  readonly title?: string | undefined;
  /** Folders in or below which `contract.json` files are, for the documents of tasks. @default the current folder */
  readonly contracts?: readonly string[] | undefined;
  /** Other places to hear of events, to act and to keep, instead of the broker and the database. */
  readonly parts?: { readonly source?: EventSource; readonly system?: System; readonly database?: Database } | undefined;
}
