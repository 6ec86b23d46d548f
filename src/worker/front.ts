/** What an app has of its workers before their code is loaded. */
export { LazyWorker } from "./lazy-worker.ts";
export { registerHandlers, type RegisteredTask } from "./request/registered-task.ts";
export { onTermination } from "./termination.ts";
export { idleWorker } from "./worker-health.ts";
export { compileWorkerOptions, type CompiledWorkerOptions } from "./worker-options.ts";
