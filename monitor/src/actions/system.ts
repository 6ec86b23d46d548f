/** What the monitor asks of a system that runs, and tells it to do. */
export interface System {
  /** What the broker says of these queues; those that it doesn't know are left out. Takes nothing from them. */
  queues(names: readonly string[]): Promise<ReadonlyMap<string, { readonly ready: number; readonly consumers: number }>>;
  /** Tells all workers not to start these tasks, and with `terminate` to stop them if they run. */
  revoke(ids: readonly string[], terminate: boolean): Promise<void>;
  close(): Promise<void>;
}
