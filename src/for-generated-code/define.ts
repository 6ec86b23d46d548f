import { isContractDefinition, type ContractDefinition } from "../contract/index.ts";
import { declareErrorClass, LigatureError } from "../errors/index.ts";
import { immutableSignature, mutableSignature, rememberTasks, type ContractRef, type TaskRef } from "../signature/index.ts";

/** What codegen knows of a task and run time doesn't. */
export interface TaskFacts {
  readonly fingerprint: string;
  /** Every argument's type is plain JSON. */
  readonly plainArgs?: boolean;
  /** The result's type is plain JSON. */
  readonly plainResult?: boolean;
}

/**
 * Called by generated code only: puts the builders around a contract. Returns the generated interface's
 * value, `{ <task>: { s, si }, errors: { <Name>: class } }`.
 * @throws LigatureError `INVALID_CONTRACT` when the generated code is older than the contract.
 */
export function defineContract<C>(definition: ContractDefinition, facts: Readonly<Record<string, TaskFacts>>): C {
  if (!isContractDefinition(definition)) {
    throw new LigatureError("INVALID_CONTRACT", "The generated code's contract module exports no contract; run `ligature gen`.");
  }
  const spec = definition["~contract"];
  const errorClasses = new Map<string, ReturnType<typeof declareErrorClass>>();
  const tasks = new Map<string, TaskRef>();
  const value: Record<string, unknown> = {};
  for (const [key, task] of spec.tasks) {
    const known = facts[key];
    if (known === undefined) throw stale(spec.name, key);
    const ref: TaskRef = Object.freeze({
      spec: task,
      fingerprint: known.fingerprint,
      plainArgs: known.plainArgs ?? false,
      plainResult: known.plainResult ?? false,
    });
    tasks.set(key, ref);
    for (const name of task.errors.keys()) {
      if (!errorClasses.has(name)) errorClasses.set(name, declareErrorClass(spec.name, name));
    }
    value[key] = Object.freeze(
      Object.assign(() => calledByItself(spec.name, key), {
        "~task": ref,
        taskName: task.name,
        ...(task.params.length > 0 && { s: (...bound: readonly unknown[]) => mutableSignature(ref, bound) }),
        si: (...args: readonly unknown[]) => immutableSignature(ref, args),
      }),
    );
  }
  for (const key of Object.keys(facts)) if (!tasks.has(key)) throw stale(spec.name, key);
  value["errors"] = Object.freeze(Object.fromEntries(errorClasses));
  const ref: ContractRef = Object.freeze({ spec, tasks, errorClasses });
  rememberTasks(ref);
  Object.defineProperty(value, "~generated", { value: ref });
  return Object.freeze(value) as C;
}

/** The compiler says so to typed callers. */
function calledByItself(contract: string, key: string): never {
  throw new LigatureError(
    "INVALID_OPTION",
    `${contract}.${key} can't be called by itself, since a contract has no connection: call app.remote(${contract}).${key}(…), or build a signature with ${contract}.${key}.si(…).`,
  );
}

function stale(contract: string, key: string): LigatureError {
  return new LigatureError(
    "INVALID_CONTRACT",
    `${contract}.${key}: the generated code is older than the contract; run \`ligature gen\`.`,
  );
}
