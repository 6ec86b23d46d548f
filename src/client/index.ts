/** Apps, remote stubs, results. */
export type { App, SentResult } from "./app.ts";
export type { Attachable, Attached } from "./attach-types.ts";
export type { AppOptions } from "./app-options.ts";
export { createApp } from "./create-app.ts";
export type {
  AsyncResult,
  ChildResult,
  DeclaredErrorOf,
  Outcome,
  RevokeOptions,
  TaskState,
  WaitOptions,
} from "./async-result.ts";
export type { GroupMember, GroupResult } from "./group-result.ts";
export type { AsyncResultJson, GroupResultJson } from "./result-json.ts";
export type { ApplyOptions, CallOptions, RemoteTask } from "./remote-task.ts";
