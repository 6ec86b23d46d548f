import type { ErrorCode } from "./codes.ts";
import { LigatureError } from "./ligature-error.ts";

const brand: unique symbol = Symbol.for("ligature.task-error") as never;

export interface TaskErrorInit {
  /** The remote error's class name, such as `TypeError`. */
  readonly name: string;
  readonly message: string;
  /** The remote stack or Python traceback, if the worker sent one. */
  readonly remoteStack?: string | undefined;
  /** Python's module of the exception class; `builtins` for its own. */
  readonly module?: string | undefined;
  readonly code?: ErrorCode | undefined;
  readonly cause?: unknown;
}

/** The handler, in another process, threw something that its contract doesn't declare. */
export class TaskError extends LigatureError {
  override readonly name: string;
  readonly remoteStack: string | undefined;
  readonly module: string | undefined;

  constructor(init: TaskErrorInit) {
    super(init.code ?? "TASK_FAILED", init.message, "cause" in init ? { cause: init.cause } : {});
    this.name = init.name;
    // The remote error speaks for itself; a prefix would make it another message than the one thrown.
    this.message = init.message;
    this.remoteStack = init.remoteStack;
    this.module = init.module;
    Object.defineProperty(this, brand, { value: true });
  }

  /** Also true for an error of another copy of this package; earlier versions mark it by nothing but its code. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (this !== TaskError) return Function.prototype[Symbol.hasInstance].call(this, value);
    if (typeof value !== "object" || value === null) return false;
    return brand in value || (value instanceof LigatureError && value.code === "TASK_FAILED");
  }
}
