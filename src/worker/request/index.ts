/** One request's life: its handler, context, limits and ending; and what all requests of a worker share. */
export { Taken, type Origin, type Settlement } from "./taken.ts";
export type { CheckedRun, ContextOf, HandlersWith, RunInterceptor } from "./run-interceptor.ts";
export { Request, type RequestEnvironment } from "./request.ts";
export type { HandlerRequest } from "./handler.ts";
export type { TaskContext } from "./task-context.ts";
export { HandlerLost } from "./ending.ts";
export { RequestContext, RetrySignal } from "./request-context.ts";
export { registerHandlers, type RegisteredTask } from "./registered-task.ts";
export { ProgressReporter } from "./progress-reporter.ts";
export { Revocations } from "./revocations.ts";
export { Revoked } from "./revoked.ts";
export { Statistics, type WorkerStatistics } from "./statistics.ts";
