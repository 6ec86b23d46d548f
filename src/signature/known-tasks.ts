import type { ContractRef, TaskRef } from "./refs.ts";

/** Where a task was declared. */
export interface KnownTask {
  readonly task: TaskRef;
  readonly contract: ContractRef;
}

/** One table per process, also when this package is loaded twice. */
const slot: unique symbol = Symbol.for("ligature.known-tasks") as never;
const table: Map<string, KnownTask> = ((globalThis as { [slot]?: Map<string, KnownTask> })[slot] ??= new Map());

/** Called for each generated contract when it is loaded, so that tasks can be sent by name. */
export function rememberTasks(contract: ContractRef): void {
  for (const task of contract.tasks.values()) table.set(task.spec.name, { task, contract });
}

/** A task of any contract package that the program has loaded. */
export function knownTask(name: string): KnownTask | undefined {
  return table.get(name);
}

/** Contracts of all contract packages that the program has loaded. */
export function knownContracts(): ReadonlySet<ContractRef> {
  return new Set([...table.values()].map(({ contract }) => contract));
}

/** The contract that a task was declared in; of Celery's own tasks, the contract whose worker runs them. */
export function contractOf(task: TaskRef): ContractRef | undefined {
  const known = table.get(task.spec.name);
  if (known !== undefined && known.contract.spec.name === task.spec.contract) return known.contract;
  for (const contract of knownContracts()) if (contract.spec.name === task.spec.contract) return contract;
  return undefined;
}
