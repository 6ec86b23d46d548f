import type { ImmutableSignature, Signature } from "./signature.ts";
import type { TaskRef } from "./refs.ts";

/** Every argument but the first, labels kept. */
export type BoundArgs<Args extends readonly unknown[]> = Args extends readonly [unknown?, ...infer Rest] ? Rest : never;

/** A task without parameters: there is nothing that a parent's result could become, so it has no `.s`. */
export interface TaskWithoutParams<out Result, out Errors = {}> {
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
export interface Task<Args extends readonly unknown[], out Result, out Errors = {}> {
  readonly "~task": TaskRef;
  /** The name on the wire. */
  readonly taskName: string;
  /** A mutable signature: binds every parameter but the first, which the parent's result becomes. */
  s(...bound: BoundArgs<Args>): Signature<Args[0], Result>;
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
