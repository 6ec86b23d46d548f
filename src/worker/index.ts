/** Workers: consuming, one request's life, context, retries, limits, revocation. */
export type { Failure } from "../protocol/index.ts";
export type { RetryOptions, TaskContext } from "./context.ts";
export type { Handler, HandlerFunction, HandlerObject, HandlerRequest } from "./handler.ts";
export type { Worker, WorkerOptions } from "./worker.ts";
export type { WorkerStatistics } from "./statistics.ts";
export { createWorker, type WorkerDependencies } from "./create-worker.ts";
export { currentRequest, type CurrentRequest } from "./current-request.ts";

// For the tests of these parts by themselves.
export { holdTimeoutOf, honoursHoldTimeout } from "./hold-timeout.ts";
export { ProgressReporter } from "./progress.ts";
export { Revocations } from "./revocations.ts";
