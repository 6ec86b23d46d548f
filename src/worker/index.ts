/** Workers: consuming, one request's life, context, retries, limits, revocation. */
// From the files themselves: the compilers of users read these declarations, and needn't read the room's others.
export type { Handler, HandlerFunction, HandlerObject, HandlerRequest } from "./request/handler.ts";
export type { Failure, RetryOptions, TaskContext } from "./request/task-context.ts";
export type { WorkerStatistics } from "./request/statistics.ts";
export type { Worker } from "./worker.ts";
export type { WorkerOptions } from "./worker-options.ts";
export { createWorker, type WorkerDependencies } from "./create-worker.ts";
