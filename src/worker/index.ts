/** Workers: consuming, one request's life, context, retries, limits, revocation. More public types: src/index.ts. */
export type { Worker } from "./worker.ts";
export type { CheckedRun, ContextOf, HandlersWith, RunInterceptor } from "./request/index.ts";
export type { PoolOptions, WorkerOptions } from "./worker-options.ts";
export { createWorker } from "./create-worker.ts";
export type { WorkerDependencies } from "./worker-dependencies.ts";
