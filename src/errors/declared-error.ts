import { TaskError } from "./task-error.ts";

const identity: unique symbol = Symbol.for("ligature.declared-error") as never;

/** An error that a contract declares: an answer like any other, with typed `data`. Never retried unless the contract says so. */
export interface DeclaredError<out Name extends string, out Data> extends TaskError {
  readonly name: Name;
  readonly data: Data;
}

/** The constructor of one declared error; `instanceof` narrows, also across duplicate copies of a package. */
export interface DeclaredErrorClass<Name extends string, in Input, out Data> {
  new (data: Input, options?: { readonly message?: string; readonly cause?: unknown }): DeclaredError<Name, Data>;
  readonly errorName: Name;
  readonly contract: string;
}

/** Makes the class for `errors: { <name>: schema }` of a contract. The identity is contract and name, not the function object. */
export function declareErrorClass(contract: string, name: string): DeclaredErrorClass<string, unknown, unknown> {
  const id = `${contract}.${name}`;
  class Declared extends TaskError {
    static readonly errorName = name;
    static readonly contract = contract;
    readonly data: unknown;

    constructor(data: unknown, options: { readonly message?: string; readonly cause?: unknown } = {}) {
      super({
        name,
        message: options.message ?? describe(name, data),
        module: contract,
        ...("cause" in options ? { cause: options.cause } : {}),
      });
      this.data = data;
      Object.defineProperty(this, identity, { value: id });
    }

    static override [Symbol.hasInstance](value: unknown): boolean {
      return isDeclaredError(value) && value[identity] === id;
    }
  }
  Object.defineProperty(Declared, "name", { value: name });
  return Declared;
}

/** Whether the value was made by any class of {@link declareErrorClass}. */
export function isDeclaredError(value: unknown): value is DeclaredError<string, unknown> & { readonly [identity]: string } {
  return typeof value === "object" && value !== null && identity in value;
}

/** Data is shown in the message, since logs and Python show only that; long data is cut. */
function describe(name: string, data: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(data);
  } catch {
    text = undefined;
  }
  if (text === undefined) return name;
  return `${name} ${text.length > 500 ? `${text.slice(0, 500)}…` : text}`;
}
