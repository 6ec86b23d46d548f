/** What an app has of its workers before their code is loaded. */
export { LazyWorker } from "./lazy-worker.ts";
export { registerHandlers } from "./request/registered-task.ts";
export { onTermination } from "./termination.ts";
export { idleWorker } from "./worker-health.ts";
export { compileWorkerOptions } from "./worker-options.ts";
