/** Signatures: tasks with their arguments, as pure data. Needs no app and no broker. */
export type { Group, ImmutableGroup, ImmutableSignature, Signature, SignatureOptions } from "./signature.ts";
export type { BoundArgs, Task, TaskWithoutParams } from "./task.ts";
export type { TaskRef } from "./task-ref.ts";
export type { Contract, ContractRef } from "./contract-ref.ts";
export { chain } from "./chain.ts";
export { group } from "./group.ts";
export { chord } from "./chord.ts";
export { chunks, map, starmap, type Mappable, type Starmappable } from "./map.ts";
export {
  isImmutable,
  tasksIn,
  type ChainSignatureData,
  type ChordSignatureData,
  type GroupSignatureData,
  type MemberData,
  type SignatureData,
  type TaskSignatureData,
} from "./data.ts";
export { joined, tailOf } from "./normal-form.ts";
export { accumulateTask, builtinNames, mapTask, starmapTask } from "./builtin-tasks.ts";
export { dataOf, describe, immutableSignature, mutableSignature, wrap } from "./build.ts";
export { contractOf, knownContracts, knownTask, rememberTasks, type KnownTask } from "./known-tasks.ts";
