import { checkKnown, oneOf, type OptionPlace } from "../options/index.ts";
import { compileAllowed, type Allowed } from "./allow.ts";
import { checkContractName, refuse } from "./names.ts";
import { Problems } from "./problems.ts";
import { compileQueue, type QueueOptions, type QueueSpec } from "./queue.ts";
import { isSameSchema } from "./same-schema.ts";
import type { SchemaLike } from "./schema.ts";
import { isTaskDefinition, type TaskDefinition } from "./task.ts";
import { compileTask, type TaskSpec } from "./task-spec.ts";

export interface ContractOptions {
  readonly tasks: Readonly<Record<string, TaskDefinition>>;
  /** Where its requests wait. @default a quorum queue of the contract's name */
  readonly queue?: string | QueueOptions;
  /** Who serves it: Ligature workers, or a Python Celery app that declares its own queue. @default "ligature" */
  readonly runtime?: "ligature" | "celery";
  /**
   * Findings of `ligature breaking` and `ligature lint` that are all right here, with the reason; those about a task
   * that is still there belong to the task. @default none
   */
  readonly allow?: Allowed;
}

/** A contract, validated and with every default applied. */
export interface ContractSpec {
  readonly name: string;
  readonly runtime: "ligature" | "celery";
  readonly queue: QueueSpec;
  /** By key, in the order of the source. */
  readonly tasks: ReadonlyMap<string, TaskSpec>;
  /** For codegen; means nothing at run time. */
  readonly allow: Allowed;
}

/** What `contract()` returns: opaque, frozen, one hidden slot. `ligature gen` turns it into typed stubs. */
export interface ContractDefinition<out O extends ContractOptions = ContractOptions> {
  readonly "~contract": ContractSpec;
  /** Types only; lets the generated declarations be held against the schemas. */
  readonly "~options"?: O;
}

const knownOptions = ["tasks", "queue", "runtime", "allow"] satisfies (keyof ContractOptions)[];

/**
 * Declares the tasks that one service offers to others.
 * @throws LigatureError `INVALID_CONTRACT`; its `details.path` leads to the offending part.
 */
export function contract<const O extends ContractOptions>(name: string, options: O): ContractDefinition<O> {
  const problems = new Problems();
  // What is made of a name that is refused would be refused, too.
  const usable = problems.try(() => (checkContractName(name), name), "contract");
  if (typeof options !== "object" || options === null) refuse([], `contract("${name}", …) needs an object: { tasks: { … } }.`);
  const place: OptionPlace = { prefix: `${name}.`, path: [] };
  problems.try(() => checkKnown(options, knownOptions, name, place), undefined);
  const runtime = problems.try(() => oneOf(options.runtime ?? "ligature", "runtime", place, ["ligature", "celery"]), "ligature");
  const allow = problems.try(() => compileAllowed(options.allow, `${name}.allow`, ["allow"]), {});
  const queue = problems.try(
    () => compileQueue(options.queue, usable, runtime, ["queue"]),
    compileQueue("queue", "queue", runtime, []),
  );
  if (typeof options.tasks !== "object" || options.tasks === null)
    refuse(["tasks"], `${name}.tasks must be an object of task({ … }).`);

  const tasks = new Map<string, TaskSpec>();
  const keyOfWireName = new Map<string, string>();
  const errorOwner = new Map<string, TaskSpec>();
  const compile = (key: string, definition: unknown): void => {
    if (!isTaskDefinition(definition)) refuse(["tasks", key], `${name}.${key} must be made with task({ … }).`);
    const spec = compileTask(usable, key, definition["~task"], queue, problems);
    const twin = keyOfWireName.get(spec.name);
    if (twin !== undefined) refuse(["tasks", key], `${name}.${key} and ${name}.${twin} have the same wire name "${spec.name}".`);
    keyOfWireName.set(spec.name, key);
    for (const [error, schema] of spec.errors) problems.try(() => claimError(error, schema, spec), undefined);
    tasks.set(key, spec);
  };
  const claimError = (error: string, schema: SchemaLike, spec: TaskSpec): void => {
    const owner = errorOwner.get(error);
    const known = owner?.errors.get(error);
    if (owner !== undefined && known !== undefined && !isSameSchema(known, schema)) {
      refuse(
        ["tasks", spec.key, "errors", error],
        `${name}.${spec.key} and ${name}.${owner.key} both declare the error "${error}" with different schemas; use one schema for both, or two names.`,
      );
    }
    errorOwner.set(error, owner ?? spec);
  };
  const given = Object.entries(options.tasks);
  for (const [key, definition] of given) problems.try(() => compile(key, definition), undefined);
  if (given.length === 0) problems.try(() => refuse(["tasks"], `${name} has no tasks.`), undefined);
  problems.throwAny();
  return Object.freeze({ "~contract": Object.freeze({ name, runtime, queue, tasks, allow }) });
}

export function isContractDefinition(value: unknown): value is ContractDefinition {
  return typeof value === "object" && value !== null && "~contract" in value;
}
