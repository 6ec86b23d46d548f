/** Watching an app: the hooks, and measurements on top of them. At run time only `otel/` and `prometheus/` load it. */
export { eventLoopLag } from "./event-loop-lag.ts";
export { measuring, taskBuckets, type Measures } from "./measuring.ts";
export type { RequestOutcome, ServedRequest, Telemetry } from "./telemetry.ts";
