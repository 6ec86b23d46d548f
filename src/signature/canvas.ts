import { dataOf, wrap } from "./build.ts";
import { chainOf, chordOf, groupOf } from "./normal-form.ts";
import type { Group, ImmutableGroup, ImmutableSignature, Signature } from "./signature.ts";
import type { AllComplete, AnySignature, HeaderOuts, InOf, OutOf, OutsOf, SharedIn, Waiting } from "./signature-types.ts";

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

type Grouped<Members extends readonly AnySignature[]> = AllComplete<
  Members,
  ImmutableGroup<OutsOf<Members>>,
  Group<SharedIn<Members[number]>, OutsOf<Members>>
>;

/**
 * Runs signatures side by side: a result for each, a tuple for whatever follows. Members that wait for a result (`.s`)
 * all get the same one, and so must agree about its type.
 */
export function group<Members extends readonly AnySignature[]>(members: readonly [...Members]): Grouped<Members>;
export function group<Members extends readonly AnySignature[]>(...members: Members): Grouped<Members>;
export function group(...given: readonly unknown[]): unknown {
  const [only] = given;
  const members: readonly unknown[] = given.length === 1 && Array.isArray(only) ? only : given;
  return wrap(groupOf(members.map((member, index) => dataOf(member, `member ${index + 1} of group()`))));
}

/**
 * Runs the header's signatures side by side and then the body, which receives the tuple of their results. If one of them
 * fails, the body fails with a `ChordError` that names it, at once.
 * @param header several signatures, or a group of them
 */
export function chord<const Header extends readonly AnySignature[] | Group<never, unknown>, Result>(
  header: Header,
  body: Signature<HeaderOuts<Header>, Result>,
): Waiting<Header, Result>;
export function chord(header: unknown, body: unknown): unknown {
  const next = dataOf(body, "the body of chord()");
  if (Array.isArray(header)) {
    const { members } = groupOf(header.map((member, index) => dataOf(member, `member ${index + 1} of chord()'s header`)));
    return wrap(chordOf(members, next));
  }
  const only = dataOf(header, "the header of chord()");
  return wrap(chordOf(only.kind === "group" ? only.members : groupOf([only]).members, next));
}
