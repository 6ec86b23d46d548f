/** Workers: consuming, one request's life, context, retries, limits, revocation. More public types: src/index.ts. */
export type { Worker } from "./worker.ts";
export type { PoolOptions, WorkerOptions } from "./worker-options.ts";
export { createWorker, type WorkerDependencies } from "./create-worker.ts";
