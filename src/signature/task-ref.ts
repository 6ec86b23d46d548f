import type { TaskSpec } from "../contract/index.ts";

/** A task as signatures and stubs know it: its contract's specification, plus what codegen found out. */
export interface TaskRef {
  readonly spec: TaskSpec;
  /** Hash of the task's wire-relevant part; travels with each message. */
  readonly fingerprint: string;
  /** All argument types are plain JSON, so no superjson is needed. */
  readonly plainArgs: boolean;
  /** The result type is plain JSON. */
  readonly plainResult: boolean;
}
