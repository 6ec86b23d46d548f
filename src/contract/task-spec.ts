import { checkKnown, flag, oneOf, wholeNumber, type OptionPlace } from "../options/index.ts";
import { compileAllowed, type Allowed } from "./allow.ts";
import { milliseconds, type Duration } from "./duration.ts";
import { checkErrorName, checkTaskKey, checkWireName, refuse } from "./names.ts";
import type { Problems } from "./problems.ts";
import { compileQueue, type QueueSpec } from "./queue.ts";
import { compileRetryPolicy, type CompiledRetryPolicy } from "./retry-policy.ts";
import type { SchemaLike } from "./schema.ts";
import { compileParams, compileSchemas, transportable, type ParamSpec } from "./task-schemas.ts";
import type { TaskOptions } from "./task.ts";

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
  /** For codegen; means nothing at run time. */
  readonly allow: Allowed;
}

const knownOptions = [
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
  "allow",
] satisfies (keyof TaskOptions)[];

/** @param problems what is wrong with the task's parts; its key and options as such are refused at once */
export function compileTask(
  contract: string,
  key: string,
  options: TaskOptions,
  contractQueue: QueueSpec,
  problems: Problems,
): TaskSpec {
  const path = ["tasks", key];
  const where = `${contract}.${key}`;
  checkTaskKey(key, path);
  const place: OptionPlace = { prefix: `${where}.`, path };
  problems.try(() => checkKnown(options, knownOptions, where, place), undefined);
  const name = problems.try(() => compileName(options.name ?? where, [...path, "name"]), where);
  const errors = compileSchemas(options.errors, `${where}.errors`, [...path, "errors"], checkErrorName, problems);
  const schemaOf = (part: "returns" | "progress"): SchemaLike | undefined =>
    options[part] === undefined
      ? undefined
      : problems.try(() => transportable(options[part], `${where}.${part}`, [...path, part]), undefined);
  const queue = problems.try(() => compileTaskQueue(options.queue, contractQueue, where, [...path, "queue"]), contractQueue);
  const none = undefined;
  const noLimits = { soft: undefined, hard: undefined };
  return Object.freeze({
    contract,
    key,
    name,
    queue,
    params: compileParams(options.params, where, path, problems),
    returns: schemaOf("returns"),
    errors,
    progress: schemaOf("progress"),
    priority: problems.try(() => compilePriority(options.priority, queue, where, [...path, "priority"]), none),
    retry: problems.try(() => compileRetryPolicy(options.retry, errors, `${where}.retry`, [...path, "retry"]), none),
    timeLimit: problems.try(() => compileTimeLimit(options.timeLimit, where, [...path, "timeLimit"]), noLimits),
    expires: problems.try(() => compileSpan(options.expires, `${where}.expires`, [...path, "expires"]), none),
    ack: problems.try(() => oneOf(options.ack ?? "late", "ack", place, ["late", "early"]), "late"),
    ignoreResult: problems.try(() => flag(options.ignoreResult ?? false, "ignoreResult", place), false),
    allow: problems.try(() => compileAllowed(options.allow, `${where}.allow`, [...path, "allow"]), {}),
  });
}

function compileName(name: unknown, path: readonly string[]): string {
  checkWireName(name, path);
  return name;
}

/** A queue of the task's own is declared like the contract's, under another name. */
function compileTaskQueue(name: unknown, contractQueue: QueueSpec, where: string, path: readonly string[]): QueueSpec {
  if (name === undefined) return contractQueue;
  if (typeof name !== "string") {
    refuse(path, `${where}.queue must be a queue's name; its type and limits are those of the contract's queue.`);
  }
  const { type, deliveryLimit, maxPriority, maxLength, owner } = contractQueue;
  const more = { ...(maxPriority !== undefined && { maxPriority }), ...(maxLength !== undefined && { maxLength }) };
  return compileQueue({ name, type, deliveryLimit, ...more }, name, owner, path);
}

function compilePriority(
  priority: number | undefined,
  queue: QueueSpec,
  where: string,
  path: readonly string[],
): number | undefined {
  if (priority === undefined) return undefined;
  wholeNumber(priority, "priority", { prefix: `${where}.`, path: path.slice(0, -1) }, 0, 255);
  if (queue.owner === "ligature" && queue.maxPriority === undefined) {
    refuse(path, `${where}.priority has no effect: give the contract's queue { type: "classic", maxPriority: … }.`);
  }
  if (queue.maxPriority !== undefined && priority > queue.maxPriority) {
    refuse(path, `${where}.priority (${priority}) is over the queue's maxPriority (${queue.maxPriority}).`);
  }
  return priority;
}

function compileTimeLimit(
  limits: TaskOptions["timeLimit"],
  where: string,
  path: readonly string[],
): { readonly soft: number | undefined; readonly hard: number | undefined } {
  if (limits === undefined) return { soft: undefined, hard: undefined };
  if (typeof limits !== "object" || limits === null) {
    refuse(path, `${where}.timeLimit must be an object: { soft: "40m", hard: "45m" }, either or both.`);
  }
  checkKnown(limits, ["soft", "hard"], `${where}.timeLimit`, { prefix: "", path });
  const soft = compileSpan(limits.soft, `${where}.timeLimit.soft`, [...path, "soft"]);
  const hard = compileSpan(limits.hard, `${where}.timeLimit.hard`, [...path, "hard"]);
  if (soft !== undefined && hard !== undefined && soft > hard) {
    refuse(path, `${where}.timeLimit: soft (${limits.soft}) must not be longer than hard (${limits.hard}).`);
  }
  return { soft, hard };
}

/** A duration that is longer than nothing: a task that may take, or wait, no time at all can't be meant. */
function compileSpan(duration: Duration | undefined, what: string, path: readonly string[]): number | undefined {
  if (duration === undefined) return undefined;
  return milliseconds(duration, what, { least: 1, path });
}
