import type { Packed, TaskMessage } from "../../protocol/index.ts";
import type { HandlerRequest } from "./handler.ts";
import { LigatureError } from "../../errors/index.ts";
import type { ContractRef, TaskRef } from "../../signature/index.ts";

/** A handler with its types forgotten, as the worker calls it. */
export interface RegisteredTask {
  readonly task: TaskRef;
  readonly run: (...args: readonly unknown[]) => unknown;
  /** `run` calls it in a child of the worker's pool, where it can be ended. */
  readonly pooled?: boolean | undefined;
  /** What it returns as it came in its request, where it only passes it on. */
  readonly passOn?: ((message: TaskMessage) => Packed | undefined) | undefined;
  readonly onSuccess?: ((request: HandlerRequest<readonly unknown[]>, result: unknown) => unknown) | undefined;
  readonly onFailure?: ((request: HandlerRequest<readonly unknown[]>, error: unknown) => unknown) | undefined;
  readonly onRetry?: ((request: HandlerRequest<readonly unknown[]>, error: unknown) => unknown) | undefined;
}

const hooks = ["onSuccess", "onFailure", "onRetry"] as const;

/**
 * Handlers by wire name. The compiler has checked them already; this is for callers without one.
 * @throws LigatureError `NOT_REGISTERED` for a missing handler, `INVALID_OPTION` for an unknown or malformed one.
 */
export function registerHandlers(contract: ContractRef, handlers: unknown): Map<string, RegisteredTask> {
  // Those of a module are known when it has been loaded, at the worker's start.
  if (handlers instanceof URL) return new Map();
  const name = contract.spec.name;
  if (typeof handlers !== "object" || handlers === null) {
    throw new LigatureError("INVALID_OPTION", `worker(${name}, …) needs an object with one handler per task.`);
  }
  const given = new Map(Object.entries(handlers));
  const registered = new Map<string, RegisteredTask>();
  for (const [key, task] of contract.tasks) {
    if (!given.has(key)) {
      throw new LigatureError(
        "NOT_REGISTERED",
        `The worker for ${name} has no handler for "${key}"; a worker serves all tasks of its contract.`,
      );
    }
    registered.set(task.spec.name, registerHandler(task, given.get(key), handlers));
    given.delete(key);
  }
  const [unknown] = given.keys();
  if (unknown !== undefined) {
    throw new LigatureError(
      "INVALID_OPTION",
      `${name} has no task "${unknown}". Its tasks: ${[...contract.tasks.keys()].join(", ")}.`,
    );
  }
  return registered;
}

function registerHandler(task: TaskRef, handler: unknown, owner: object): RegisteredTask {
  // Bound, so that handlers may be methods of a class that use `this`.
  if (typeof handler === "function") return { task, run: handler.bind(owner) as RegisteredTask["run"] };
  if (typeof handler === "object" && handler !== null && "run" in handler && typeof handler.run === "function") {
    const bound: { -readonly [K in keyof RegisteredTask]: RegisteredTask[K] } = {
      task,
      run: handler.run.bind(handler) as RegisteredTask["run"],
    };
    for (const hook of hooks) {
      const value = (handler as Record<string, unknown>)[hook];
      if (value === undefined) continue;
      if (typeof value !== "function")
        throw new LigatureError("INVALID_OPTION", `${task.spec.name}: ${hook} must be a function.`);
      bound[hook] = value.bind(handler) as NonNullable<RegisteredTask[typeof hook]>;
    }
    return bound;
  }
  throw new LigatureError(
    "INVALID_OPTION",
    `The handler of ${task.spec.name} must be a function or an object with a run function.`,
  );
}
