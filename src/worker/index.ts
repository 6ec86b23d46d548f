/** Workers: consuming, one request's life, context, retries, limits, revocation. */
export type {
  Failure,
  Handler,
  HandlerFunction,
  HandlerObject,
  HandlerRequest,
  RetryOptions,
  TaskContext,
  WorkerStatistics,
} from "./request/index.ts";
export type { Worker, WorkerOptions } from "./worker.ts";
export { createWorker, type WorkerDependencies } from "./create-worker.ts";
