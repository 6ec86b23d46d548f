/** Shows what workers do and did: pages behind one handler, and the events that they are made of, in a database. */
export { listen, type ListenOptions, type RunningMonitor } from "./listen.ts";
export { openMonitor, type Monitor } from "./monitor.ts";
export type { MonitorOptions } from "./monitor-options.ts";
export type { AccessOptions, Role, Visitor } from "./access/index.ts";
export type { System } from "./actions/index.ts";
export type { EventSource, SourceListener } from "./events/index.ts";
export { DatabaseProblem, openStore, type Database, type DatabaseLocation, type Statement } from "./store/index.ts";
