/** Signatures: tasks with their arguments, as pure data. Needs no app and no broker. */
export type { ImmutableSignature, Signature, SignatureOptions } from "./signature.ts";
export type { BoundArgs, Task, TaskWithoutParams } from "./task.ts";
export type { TaskRef } from "./task-ref.ts";
export type { Contract, ContractRef } from "./contract-ref.ts";
export { chain } from "./chain.ts";
export { firstStep, isImmutable, lastStep, type ChainSignatureData, type SignatureData, type TaskSignatureData } from "./data.ts";
export { chainOf, dataOf, describe, immutableSignature, mutableSignature, wrap } from "./build.ts";
export { knownTask, rememberTasks, type KnownTask } from "./known-tasks.ts";
