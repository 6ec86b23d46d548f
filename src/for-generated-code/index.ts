/**
 * What generated code imports, and nothing else does: the types that its declarations are made of, and the
 * function that builds its value. No broker, no client is reachable at run time.
 */
export { defineContract, type TaskFacts } from "./define.ts";
export type {
  BoundArgs,
  Contract,
  ContractRef,
  ImmutableSignature,
  Signature,
  Task,
  TaskRegistry,
  TaskWithoutParams,
} from "../signature/index.ts";
export type { DeclaredError, DeclaredErrorClass } from "../errors/index.ts";
export type { AsyncResult } from "../client/async-result.ts";
// RemoteTask is what declarations made by earlier versions import.
export type { RemoteTask, Sendable } from "../client/remote-task.ts";
export type { Handler, HandlerFunction, HandlerObject } from "../worker/request/handler.ts";
export type { TaskContext } from "../worker/request/task-context.ts";
