// Compose
export { chain, chord, chunks, group, map, starmap } from "./signature/index.ts";
export type {
  Contract,
  Group,
  ImmutableGroup,
  ImmutableSignature,
  Signature,
  SignatureOptions,
  TaskRegistry,
} from "./signature/index.ts";

// Call
export { createApp } from "./app/index.ts";
export type { App, AppOptions, SentResult } from "./app/index.ts";
export type {
  ApplyOptions,
  AsyncResult,
  KeptResult,
  Attachable,
  Attached,
  CallOptions,
  ChildResult,
  GroupMember,
  GroupResult,
  KeptGroup,
  Outcome,
  RemoteTask,
  RevokeOptions,
  TaskState,
  WaitOptions,
} from "./client/index.ts";

// Serve
export type {
  Failure,
  Handler,
  HandlerFunction,
  HandlerObject,
  HandlerRequest,
  RetryOptions,
  TaskContext,
  Worker,
  WorkerOptions,
  WorkerStatistics,
} from "./worker/index.ts";

// Errors, logging, time
export { ChordError, errorCodes, LigatureError, TaskError } from "./errors/index.ts";
export type { DeclaredError, DeclaredErrorClass, ErrorCode, ErrorCodeInfo, FailedChordMember } from "./errors/index.ts";
export { consoleLogger, silentLogger } from "./logging/index.ts";
export type { Logger, LogLevel } from "./logging/index.ts";
export type { Duration } from "./contract/index.ts";
