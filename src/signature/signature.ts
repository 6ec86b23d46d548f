import type { SignatureData } from "./data.ts";
import type { SignatureOptions } from "./options.ts";

/**
 * A task with its arguments, as data: it can be sent, linked, chained, stored. Needs no app.
 *
 * `In` is what it still waits for: a mutable signature (`.s`) gets its parent's result as first argument.
 * `Out` is what the task returns, and so what may be linked behind it.
 */
export interface Signature<in In, out Out> {
  readonly "~signature": SignatureData;
  /** Types only: a parent's result must fit here. */
  readonly "~in"?: ((input: In) => void) | undefined;
  /** Types only: what a callback will receive. */
  readonly "~out"?: (() => Out) | undefined;

  /** A copy with other sending options. */
  set(options: SignatureOptions): Signature<In, Out>;
  /** A copy with one more success callback, which receives this task's result. */
  link(callback: Signature<Out, unknown>): Signature<In, Out>;
  /** A copy with one more error callback. It must be complete: built with `.si(...)`. */
  linkError(callback: ImmutableSignature<unknown>): Signature<In, Out>;
  /** A chain of this and the next step, which receives this one's result. */
  pipe<Next>(next: Signature<Out, Next>): Signature<In, Next>;
}

/**
 * A complete signature (`.si`): all its arguments are bound, a parent's result is ignored. Only these can be
 * sent on their own, and only these can be error callbacks.
 */
export interface ImmutableSignature<out Out> extends Signature<unknown, Out> {
  /** Types only. The name is the sentence that the compiler shows to whoever passes an `.s()` here. */
  readonly "must be built with .si(), because .s() waits for a result": true;
  set(options: SignatureOptions): ImmutableSignature<Out>;
  link(callback: Signature<Out, unknown>): ImmutableSignature<Out>;
  linkError(callback: ImmutableSignature<unknown>): ImmutableSignature<Out>;
  pipe<Next>(next: Signature<Out, Next>): ImmutableSignature<Next>;
}

/**
 * Signatures that run side by side. Where something follows, it receives the tuple of their results, `Outs`; sent as it
 * is, a group answers with a result for each member.
 */
export interface Group<in In, out Outs> extends Signature<In, Outs> {
  /** Types only. The name is the sentence that the compiler shows to whoever passes another signature here. */
  readonly "must be built with group()": true;
  /** A copy with other sending options for each member. */
  set(options: SignatureOptions): Group<In, Outs>;
  /** A copy with a success callback, which receives all the results; it is a group no more, but has one result. */
  link(callback: Signature<Outs, unknown>): Signature<In, Outs>;
  /** A copy with one more error callback for each member. */
  linkError(callback: ImmutableSignature<unknown>): Group<In, Outs>;
}

/** A group whose members are all complete, so that it can be sent on its own. */
export interface ImmutableGroup<out Outs> extends ImmutableSignature<Outs> {
  /** Types only. The name is the sentence that the compiler shows to whoever passes another signature here. */
  readonly "must be built with group()": true;
  /** A copy with other sending options for each member. */
  set(options: SignatureOptions): ImmutableGroup<Outs>;
  /** A copy with a success callback, which receives all the results; it is a group no more, but has one result. */
  link(callback: Signature<Outs, unknown>): ImmutableSignature<Outs>;
  /** A copy with one more error callback for each member. */
  linkError(callback: ImmutableSignature<unknown>): ImmutableGroup<Outs>;
}
