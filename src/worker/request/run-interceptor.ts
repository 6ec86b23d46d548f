import type { InterceptedCall, Next, Passed } from "../../interceptors/passed.ts";
import type { TaskContext } from "./task-context.ts";

/** A request that is about to run. */
export interface RunCall<out Context extends object = {}> extends InterceptedCall<Context> {
  /** As the handler gets them: validated and with defaults applied. */
  readonly args: readonly unknown[];
  /** The handler's context. */
  readonly ctx: TaskContext;
}

/**
 * Wraps each run of a handler, inside of the time limits and of the validation. `next()` resolves when the handler has returned. What
 * it throws is as if the handler threw it.
 */
export type RunInterceptor = (call: RunCall<never>, next: Next) => Promise<Passed<object>>;

type AddedBy<I> = I extends (...args: never) => Promise<Passed<infer Added>> ? Added : never;
type NeededBy<I> = I extends (call: infer Call, ...rest: never) => unknown
  ? Call extends { readonly context: infer Needed }
    ? Needed
    : {}
  : {};
/** Flattened at each step: nested intersections freeze editors. */
type Grown<Have, I> = Flat<Have & AddedBy<I>>;
type Flat<T> = { [Key in keyof T]: T[Key] };

/** What a list of interceptors adds to a context. */
export type ContextOf<List, Have extends object = {}> = List extends readonly [infer First, ...infer Rest]
  ? ContextOf<Rest, Grown<Have, First>>
  : Have;

/** Types only. A list in which the compiler has put a sentence in place of each interceptor that can't stand there. */
export type CheckedRun<List, Have extends object = {}> = List extends readonly [infer First, ...infer Rest]
  ? readonly [CheckedOne<First, Have>, ...CheckedRun<Rest, Grown<Have, First>>]
  : List;

type CheckedOne<I, Have extends object> = [keyof AddedBy<I> & (keyof Have | keyof TaskContext)] extends [never]
  ? Have extends NeededBy<I>
    ? I
    : "the interceptors before this one don't add what it needs in its context"
  : `the context has "${keyof AddedBy<I> & (keyof Have | keyof TaskContext) & string}" already`;

/** Handlers whose context has what interceptors add. */
export type HandlersWith<Handlers, Context> = [keyof Context] extends [never]
  ? Handlers
  : { readonly [Key in keyof Handlers]: HandlerWith<Handlers[Key], Context> };

type HandlerWith<H, Context> = H extends (...args: never) => unknown
  ? FunctionWith<H, Context>
  : { readonly [Key in keyof H]: Key extends "run" ? FunctionWith<H[Key], Context> : H[Key] };

type FunctionWith<F, Context> = F extends (...args: infer All) => infer Result
  ? All extends readonly [...infer Args, infer Ctx]
    ? (...args: [...Args, ctx: Ctx & Context]) => Result
    : F
  : F;
