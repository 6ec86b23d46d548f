import type { ImmutableSignature, Signature } from "./signature.ts";
import type { TaskRef } from "./refs.ts";

/** Every argument but the first, labels kept. */
export type BoundArgs<Args extends readonly unknown[]> = Args extends readonly [unknown?, ...infer Rest] ? Rest : never;

/** Types only. The compiler shows the sentence to whoever gives `.s()` an argument too many. */
type TooManyForS = ".s() leaves out the first argument, since it becomes the result of the task before; .si() takes all of them";

/** Types only. The compiler shows the sentence to whoever calls a contract's task by itself. */
type CalledByItself = "a task is called by way of an app: app.remote(contract).task(...); .si(...) and .s(...) build signatures";

/** A contract only says what a task is: a call needs an app, and so `app.remote`. At run time it throws. */
interface NotCallable {
  (this: CalledByItself, ...args: CalledByItself[]): CalledByItself;
}

/** A task without parameters: there is nothing that a parent's result could become, so it has no `.s`. */
export interface TaskWithoutParams<out Result, out Errors = {}> extends NotCallable {
  readonly "~task": TaskRef;
  /** The name on the wire. */
  readonly taskName: string;
  /** A complete signature; ignores a parent's result. */
  si(): ImmutableSignature<Result>;
  /** Types only. */
  readonly "~args"?: readonly [] | undefined;
  /** Types only. */
  readonly "~result"?: (() => Result) | undefined;
  /** Types only. */
  readonly "~errors"?: (() => Errors) | undefined;
}

/** A task's signature builders, as a generated contract exports them. */
export interface Task<Args extends readonly unknown[], out Result, out Errors = {}> extends NotCallable {
  readonly "~task": TaskRef;
  /** The name on the wire. */
  readonly taskName: string;
  /** A mutable signature: binds every parameter but the first, which the parent's result becomes. */
  s(...bound: BoundArgs<Args>): Signature<Args[0], Result>;
  /** No way to build one: for the compiler's message only. */
  s(this: TooManyForS, ...all: Required<Args>): never;
  /** A complete signature: binds every parameter; ignores a parent's result. */
  si(...args: Args): ImmutableSignature<Result>;
  /** Types only. */
  readonly "~args"?: Args | undefined;
  /** Types only. */
  readonly "~result"?: (() => Result) | undefined;
  /** Types only. */
  readonly "~errors"?: (() => Errors) | undefined;
}

/**
 * Every task of the contract packages that a program imports, by wire name. Generated code adds to it
 * (`declare module "ligature/generated"`), which is how `app.sendTask("name", …)` is typed.
 */
export interface TaskRegistry {}
