import { milliseconds } from "./duration.ts";
import { checkErrorName, checkParamKey, checkTaskKey, checkWireName, refuse } from "./names.ts";
import { compileQueue, type QueueSpec } from "./queue.ts";
import { compileRetryPolicy, type CompiledRetryPolicy } from "./retry-policy.ts";
import { mayBeMissing } from "./optionality.ts";
import { requireSchema, schemaDef, type SchemaLike } from "./schema.ts";
import type { TaskOptions } from "./task.ts";

export interface ParamSpec {
  readonly name: string;
  readonly schema: SchemaLike;
  readonly optional: boolean;
}

/** A task's options, validated and with every default applied. Times are milliseconds. */
export interface TaskSpec {
  readonly contract: string;
  readonly key: string;
  /** The name on the wire. */
  readonly name: string;
  readonly queue: QueueSpec;
  readonly params: readonly ParamSpec[];
  readonly returns: SchemaLike | undefined;
  readonly errors: ReadonlyMap<string, SchemaLike>;
  readonly progress: SchemaLike | undefined;
  readonly priority: number | undefined;
  readonly retry: CompiledRetryPolicy | undefined;
  readonly timeLimit: { readonly soft: number | undefined; readonly hard: number | undefined };
  readonly expires: number | undefined;
  readonly ack: "late" | "early";
  readonly ignoreResult: boolean;
}

const knownOptions = new Set([
  "params",
  "returns",
  "errors",
  "progress",
  "name",
  "queue",
  "priority",
  "retry",
  "timeLimit",
  "expires",
  "ack",
  "ignoreResult",
] satisfies (keyof TaskOptions)[]);

/** Kinds of schema whose values have no JSON or superjson form. */
const untransportable = new Set(["function", "symbol", "promise", "never"]);

export function compileTask(contract: string, key: string, options: TaskOptions, contractQueue: QueueSpec): TaskSpec {
  const path = ["tasks", key];
  const where = `${contract}.${key}`;
  checkTaskKey(key, path);
  for (const option of Object.keys(options)) {
    if (!knownOptions.has(option as keyof TaskOptions)) {
      refuse([...path, option], `${where}: unknown option "${option}". Known: ${[...knownOptions].join(", ")}.`);
    }
  }
  const name = options.name ?? where;
  checkWireName(name, [...path, "name"]);
  const timeLimit = compileTimeLimit(options, where, path);
  const retry = compileRetryPolicy(options.retry, `${where}.retry`);
  const errors = compileSchemas(options.errors, `${where}.errors`, [...path, "errors"], checkErrorName);
  for (const retried of retry?.on ?? []) {
    if (!errors.has(retried))
      refuse([...path, "retry"], `${where}.retry.on names "${retried}", which the task doesn't declare in errors.`);
  }
  if (options.ack !== undefined && options.ack !== "late" && options.ack !== "early") {
    refuse([...path, "ack"], `${where}.ack must be "late" or "early", got ${JSON.stringify(options.ack)}.`);
  }
  const { priority } = options;
  const queue =
    options.queue === undefined
      ? contractQueue
      : compileQueue({ ...contractQueue, name: options.queue } as never, where, contractQueue.owner, [...path, "queue"]);
  if (priority !== undefined) {
    if (!Number.isInteger(priority) || priority < 0 || priority > 255) {
      refuse([...path, "priority"], `${where}.priority must be a whole number from 0 to 255, got ${String(priority)}.`);
    }
    if (queue.owner === "ligature" && queue.maxPriority === undefined) {
      refuse(
        [...path, "priority"],
        `${where}.priority has no effect: give the contract's queue { type: "classic", maxPriority: … }.`,
      );
    }
  }
  return Object.freeze({
    contract,
    key,
    name,
    queue,
    params: compileParams(options.params, where, path),
    returns: options.returns === undefined ? undefined : transportable(options.returns, `${where}.returns`, [...path, "returns"]),
    errors,
    progress:
      options.progress === undefined ? undefined : transportable(options.progress, `${where}.progress`, [...path, "progress"]),
    priority,
    retry,
    timeLimit,
    expires: options.expires === undefined ? undefined : milliseconds(options.expires, `${where}.expires`, "INVALID_CONTRACT"),
    ack: options.ack ?? "late",
    ignoreResult: options.ignoreResult ?? false,
  });
}

function compileParams(params: TaskOptions["params"], where: string, path: readonly string[]): readonly ParamSpec[] {
  const schemas = compileSchemas(params, `${where}.params`, [...path, "params"], checkParamKey);
  let optionalBefore: string | undefined;
  return [...schemas].map(([name, schema], index) => {
    const paramPath = [...path, "params", name];
    if (index === 0 && schemaDef(schema).type === "undefined") {
      refuse(
        paramPath,
        `${where}: its first parameter "${name}" accepts nothing that a parent task could return, so .s() could never be linked. Remove it.`,
      );
    }
    const optional = mayBeMissing(schema, "input");
    if (!optional && optionalBefore !== undefined) {
      refuse(
        paramPath,
        `${where}: the required parameter "${name}" can't follow the optional "${optionalBefore}"; arguments are positional.`,
      );
    }
    if (optional) optionalBefore = name;
    return Object.freeze({ name, schema, optional });
  });
}

function compileSchemas(
  given: Readonly<Record<string, SchemaLike>> | undefined,
  what: string,
  path: readonly string[],
  checkKey: (key: string, path: readonly string[]) => void,
): ReadonlyMap<string, SchemaLike> {
  if (given !== undefined && (typeof given !== "object" || given === null || "_zod" in given)) {
    refuse(path, `${what} must be an object of schemas: { name: z.string(), … }.`);
  }
  const schemas = new Map<string, SchemaLike>();
  for (const [key, schema] of Object.entries(given ?? {})) {
    checkKey(key, [...path, key]);
    schemas.set(key, transportable(schema, `${what}.${key}`, [...path, key]));
  }
  return schemas;
}

function transportable(value: unknown, what: string, path: readonly string[]): SchemaLike {
  const schema = requireSchema(value, what);
  const { type } = schemaDef(schema);
  if (untransportable.has(type))
    refuse(path, `${what}: values of z.${type}() can't travel in a message, so nothing that anyone sends could fit.`);
  return schema;
}

function compileTimeLimit(options: TaskOptions, where: string, path: readonly string[]): TaskSpec["timeLimit"] {
  const { soft, hard } = options.timeLimit ?? {};
  const limit = {
    soft: soft === undefined ? undefined : milliseconds(soft, `${where}.timeLimit.soft`, "INVALID_CONTRACT"),
    hard: hard === undefined ? undefined : milliseconds(hard, `${where}.timeLimit.hard`, "INVALID_CONTRACT"),
  };
  if (limit.soft !== undefined && limit.hard !== undefined && limit.soft > limit.hard) {
    refuse([...path, "timeLimit"], `${where}.timeLimit: soft (${soft}) must not be longer than hard (${hard}).`);
  }
  return limit;
}
