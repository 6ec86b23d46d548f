/** Signatures: tasks with their arguments, as pure data. Needs no app and no broker. */
export type { Group, ImmutableGroup, ImmutableSignature, Signature } from "./signature.ts";
export type { SignatureOptions } from "./options.ts";
export type { BoundArgs, Task, TaskRegistry, TaskWithoutParams } from "./task.ts";
export type { Contract, ContractRef, TaskRef } from "./refs.ts";
export { chain, chord, group } from "./canvas.ts";
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
