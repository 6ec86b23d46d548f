import { dataOf, wrap } from "./build.ts";
import { chainOf, chordOf, groupOf } from "./normal-form.ts";
import type { Group, ImmutableGroup, ImmutableSignature, Signature } from "./signature.ts";
import type { AnySignature, HeaderOuts, InOf, OutOf, OutsOf, SharedIn, Waiting } from "./signature-types.ts";

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
 * The same type, but nothing is inferred from where it stands: what a step returns is told by that step alone. `NoInfer`
 * would also keep a group in the step's place from learning what its members get.
 */
type Known<T> = [T] extends [infer Same] ? Same : never;

/**
 * Runs the steps one after the other, each receiving the result of the one before. A group is a step whose result is the
 * tuple of its members' results.
 */
export function chain<First extends AnySignature, Second = OutOf<First>, Third = Second, Outs extends readonly unknown[] = []>(
  first: First,
  // The compiler knows what these two receive when it comes to them, and so tells a group's members. Of the steps that
  // follow it knows that only once it has seen them all: a misfit inside a group is then reported at the group.
  second?: Signature<OutOf<First>, Second>,
  third?: Signature<Known<Second>, Third>,
  ...steps: Steps<Outs, [Third, ...Outs]>
): Chained<First, Last<[Third, ...Outs]>>;
export function chain(...steps: readonly unknown[]): unknown {
  return wrap(chainOf(steps.map((step, index) => dataOf(step, `step ${index + 1} of chain()`))));
}

/**
 * `Given` stands in a place that no type comes from, only inference goes there: the compiler fills it with what the step
 * before returns, if the group is a step of a chain, and a member that doesn't take that is reported itself. It is a
 * `Group` there, so that nothing is inferred where only a complete signature will do.
 */
type Grouped<Members extends readonly AnySignature[], Given> = [Members[number]] extends [ImmutableSignature<unknown>]
  ? ImmutableGroup<OutsOf<Members>>
  : [Given] extends [unknown]
    ? Group<SharedIn<Members[number]>, OutsOf<Members>>
    : Group<Given, never>;

/**
 * Runs signatures side by side: a result for each, a tuple for whatever follows. Members that wait for a result (`.s`)
 * all get the same one, and so must agree about its type.
 */
export function group<Members extends readonly AnySignature[]>(members: readonly [...Members]): Grouped<Members, never>;
export function group<Members extends readonly Signature<Given, unknown>[], Given = never>(
  ...members: Members
): Grouped<Members, Given>;
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
