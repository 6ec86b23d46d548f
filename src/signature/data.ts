import type { SignatureOptions } from "./signature.ts";
import type { TaskRef } from "./task-ref.ts";

/** What a signature is made of; frozen, and read by the protocol layer only. */
export type SignatureData = TaskSignatureData | ChainSignatureData;

export interface TaskSignatureData {
  readonly kind: "task";
  readonly task: TaskRef;
  /** Mutable: every parameter but the first. Immutable: every parameter. */
  readonly args: readonly unknown[];
  readonly immutable: boolean;
  readonly options: SignatureOptions;
  readonly link: readonly SignatureData[];
  readonly linkError: readonly SignatureData[];
}

export interface ChainSignatureData {
  readonly kind: "chain";
  /** At least one; callbacks of the chain sit on its steps: `link` on the last, `linkError` on each. */
  readonly steps: readonly TaskSignatureData[];
}

/** Whether a parent's result is ignored: a chain is as its first step. */
export function isImmutable(data: SignatureData): boolean {
  return data.kind === "task" ? data.immutable : firstStep(data).immutable;
}

export function firstStep(data: SignatureData): TaskSignatureData {
  if (data.kind === "task") return data;
  const first = data.steps[0];
  if (first === undefined) throw new TypeError("A chain has at least one step.");
  return first;
}

export function lastStep(data: SignatureData): TaskSignatureData {
  if (data.kind === "task") return data;
  const last = data.steps.at(-1);
  if (last === undefined) throw new TypeError("A chain has at least one step.");
  return last;
}
