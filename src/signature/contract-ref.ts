import type { ContractSpec } from "../contract/index.ts";
import type { DeclaredErrorClass } from "../errors/index.ts";
import type { TaskRef } from "./task-ref.ts";

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
