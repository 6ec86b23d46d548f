/** Remote stubs, sending, results. */
export type {
  AsyncResult,
  ChildResult,
  GroupMember,
  GroupResult,
  Outcome,
  RevokeOptions,
  TaskState,
  WaitOptions,
} from "./async-result.ts";
export type { Attachable, Attached, AttachedResult } from "./attachable.ts";
export type { AsyncResultJson, GroupResultJson } from "./kept-result.ts";
export type { ApplyOptions, CallOptions, RemoteTask } from "./remote-task.ts";
export { apply, createRemote } from "./remote.ts";
export { Sender } from "./sender.ts";
export { attachGroup, attachResult } from "./attach.ts";
export type { GroupHandle } from "./group-handle.ts";
export type { ResultHandle } from "./result-handle.ts";
