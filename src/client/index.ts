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
export type { KeptResult, KeptGroup } from "./kept-result.ts";
export type { ApplyOptions, CallOptions, RemoteTask } from "./remote-task.ts";
export { createClient, type Client } from "./client.ts";
