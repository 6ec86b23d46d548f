import { LigatureError } from "../errors/index.ts";
import type { Allowed } from "./allow.ts";
import type { Duration } from "./duration.ts";
import type { RetryPolicy } from "./retry-policy.ts";
import type { SchemaLike } from "./schema.ts";

/** What a task takes, returns and may throw, and how it is delivered. */
export interface TaskOptions {
  /** Named parameters; the order of the keys is the order of the arguments. @default none */
  readonly params?: Readonly<Record<string, SchemaLike>>;
  /** What the handler returns. @default nothing (`void`) */
  readonly returns?: SchemaLike;
  /** Errors that are answers: the caller gets them as their class, with this data. PascalCase names. */
  readonly errors?: Readonly<Record<string, SchemaLike>>;
  /** What `ctx.progress()` reports. @default no progress */
  readonly progress?: SchemaLike;
  /** The name on the wire, for an existing Celery task. @default `<contract>.<key>` */
  readonly name?: string;
  /** A queue of its own. @default the contract's queue */
  readonly queue?: string;
  /** 0 to 255; needs a classic queue with `maxPriority`. @default none */
  readonly priority?: number;
  /** When a handler's undeclared error is tried again. @default never */
  readonly retry?: RetryPolicy;
  /** `soft` aborts `ctx.signal`; `hard` gives up on the handler, and ends one that runs in a pool. @default none */
  readonly timeLimit?: { readonly soft?: Duration; readonly hard?: Duration };
  /** Not started once this old. @default never */
  readonly expires?: Duration;
  /** `late` acknowledges after the result, `early` before the run: then a crash loses the request. @default "late" */
  readonly ack?: "late" | "early";
  /** Never send a result; a stub call then resolves as soon as the broker has the request. @default false */
  readonly ignoreResult?: boolean;
  /** Findings of `ligature breaking` and `ligature lint` that are all right here: `{ "<rule>": "<reason>" }`. @default none */
  readonly allow?: Allowed;
}

/** A task inside a contract. Everything about it sits behind one hidden slot. */
export interface TaskDefinition<out O extends TaskOptions = TaskOptions> {
  readonly "~task": O;
}

/**
 * Declares one task of a contract.
 * @example task({ params: { path: z.string() }, returns: z.number() })
 */
export function task<const O extends TaskOptions = {}>(
  options?: O & { readonly [K in Exclude<keyof O, keyof TaskOptions>]: never },
): TaskDefinition<O> {
  const given: TaskOptions = options ?? {};
  if (typeof given !== "object" || given === null || "_zod" in given) {
    throw new LigatureError("INVALID_CONTRACT", "task() takes one object: task({ params: { … }, returns: … }).");
  }
  return Object.freeze({ "~task": Object.freeze({ ...given }) as O });
}

export function isTaskDefinition(value: unknown): value is TaskDefinition {
  return typeof value === "object" && value !== null && "~task" in value;
}
