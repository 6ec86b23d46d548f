/** Apps, remote stubs, results. */
export type { App } from "./app.ts";
export type { AppOptions } from "./app-options.ts";
export { createApp } from "./create-app.ts";
export type { AsyncResult, DeclaredErrorOf, Outcome, RevokeOptions, TaskState, WaitOptions } from "./async-result.ts";
export type { ApplyOptions, CallOptions, RemoteTask } from "./remote-task.ts";
