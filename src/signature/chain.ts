import { dataOf, wrap } from "./build.ts";
import { chainOf } from "./normal-form.ts";
import type { ImmutableSignature, Signature } from "./signature.ts";
import type { AnySignature, InOf, OutOf } from "./signature-types.ts";

/** The last of the outputs: what the whole chain returns. */
type Last<Outs extends readonly unknown[]> = Outs extends readonly [...unknown[], infer L] ? L : never;

/**
 * Step n takes what step n-1 returns. `[First, ...Outs][n]` is the output before step n, since the tuple is
 * one longer than `Outs`; inference fills `Outs` from the steps themselves, so an error points at its step.
 */
type Steps<Outs extends readonly unknown[], Before extends readonly unknown[]> = {
  readonly [N in keyof Outs]: Signature<N extends keyof Before ? Before[N] : never, Outs[N]>;
};

/** A chain waits for what its first step waits for. */
type Chained<First, Out> = First extends ImmutableSignature<unknown> ? ImmutableSignature<Out> : Signature<InOf<First>, Out>;

/**
 * Runs the steps one after the other, each receiving the result of the one before. A group is a step whose result is the
 * tuple of its members' results.
 */
export function chain<First extends AnySignature, Outs extends readonly unknown[]>(
  first: First,
  ...steps: Steps<Outs, [OutOf<First>, ...Outs]>
): Chained<First, Last<[OutOf<First>, ...Outs]>>;
export function chain(...steps: readonly unknown[]): unknown {
  return wrap(chainOf(steps.map((step, index) => dataOf(step, `step ${index + 1} of chain()`))));
}
