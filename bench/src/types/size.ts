/** How many tasks there are, and in how many contracts. */
export interface Size {
  readonly tasks: number;
  readonly contracts: readonly string[];
  /** The tasks of each contract. */
  readonly perContract: readonly string[];
}

/** Twenty tasks in a contract, ten where there are few. */
export function sizeOf(tasks: number): Size {
  const each = Math.min(20, tasks / 5);
  return { tasks, contracts: names("m", tasks / each), perContract: names("t", each) };
}

function names(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}

/** The name of a task's type: `M0T1Input`. */
export function typeName(contract: string, task: string, side: "Input" | "Output"): string {
  return `${contract.toUpperCase()}${task.toUpperCase()}${side}`;
}
