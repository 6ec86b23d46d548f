/** Workers: consuming, one request's life, context, retries, limits, revocation. */
export type { Failure } from "../protocol/index.ts";
export type {
  Handler,
  HandlerFunction,
  HandlerObject,
  HandlerRequest,
  RetryOptions,
  TaskContext,
  WorkerStatistics,
} from "./request/index.ts";
export type { Worker } from "./worker.ts";
export type { WorkerOptions } from "./worker-options.ts";
export { createWorker, type WorkerDependencies } from "./create-worker.ts";
