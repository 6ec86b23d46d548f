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
export type { App, AppHealth, AppOptions, SentResult } from "./app/index.ts";
export type { BrokerState } from "./broker/broker-state.ts";
export type { BrokerAuth, BrokerTls } from "./broker/broker.ts";
export type {
  AsyncResult,
  ChildResult,
  GroupMember,
  GroupResult,
  Outcome,
  RevokeOptions,
  TaskState,
  WaitOptions,
} from "./client/async-result.ts";
export type { Attachable, Attached } from "./client/attachable.ts";
export type { KeptGroup, KeptResult } from "./client/kept-result.ts";
export type { ApplyOptions, CallOptions, Idempotency, RemoteTask } from "./client/remote-task.ts";

// Serve
export type { Failure } from "./protocol/result/received-failure.ts";
export type { Handler, HandlerFunction, HandlerObject, HandlerRequest } from "./worker/request/handler.ts";
export type { RetryOptions, TaskContext } from "./worker/request/task-context.ts";
export type { WorkerStatistics } from "./worker/request/statistics.ts";
export type { ErrorFilter, RetryOverride } from "./worker/task-overrides.ts";
export type { PoolOptions, WorkerOptions } from "./worker/worker-options.ts";
export type { Worker } from "./worker/worker.ts";
export type { WorkerHealth } from "./worker/worker-health.ts";

// Intercept
export type { AppInterceptors } from "./app/index.ts";
export type { InterceptedCall, Next, Passed } from "./interceptors/passed.ts";
export type { SendCall, SendInterceptor } from "./interceptors/send-interceptor.ts";
export type { RunCall, RunInterceptor } from "./worker/request/run-interceptor.ts";

// Errors, logging, time
export { ChordError, errorCodes, LigatureError, TaskError } from "./errors/index.ts";
export type { DeclaredError, DeclaredErrorClass, ErrorCode, ErrorCodeInfo, FailedChordMember } from "./errors/index.ts";
export { consoleLogger, jsonLogger, silentLogger } from "./logging/index.ts";
export type { Logger, LogLevel } from "./logging/index.ts";
export type { Duration } from "./contract/index.ts";
