/** Workers: consuming, one request's life, context, retries, limits, revocation. */
export type { Failure } from "../protocol/index.ts";
// From the files themselves: see publicTypes in scripts/lib/rooms.mjs.
export type { Handler, HandlerFunction, HandlerObject, HandlerRequest } from "./request/handler.ts";
export type { RetryOptions, TaskContext } from "./request/task-context.ts";
export type { WorkerStatistics } from "./request/statistics.ts";
export type { Worker } from "./worker.ts";
export type { WorkerOptions } from "./worker-options.ts";
export { createWorker, type WorkerDependencies } from "./create-worker.ts";
