import type { ContractSpec, TaskSpec } from "../contract/index.ts";
import type { DeclaredErrorClass } from "../errors/index.ts";

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

/** What a generated contract holds behind its hidden slot. */
export interface ContractRef {
  readonly spec: ContractSpec;
  /** By key. */
  readonly tasks: ReadonlyMap<string, TaskRef>;
  /** Classes of the declared errors, by name. */
  readonly errorClasses: ReadonlyMap<string, DeclaredErrorClass<string, unknown, unknown>>;
}

/** A generated contract: what apps and workers take. `Remote` and `Handlers` are its generated interfaces. */
export interface Contract<out Remote = unknown, out Handlers = unknown> {
  readonly "~generated": ContractRef;
  /** Types only. */
  readonly "~remote"?: (() => Remote) | undefined;
  /** Types only. */
  readonly "~handlers"?: (() => Handlers) | undefined;
}
