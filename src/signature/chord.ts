import { dataOf, wrap } from "./build.ts";
import { chordOf, groupOf } from "./normal-form.ts";
import type { Group, ImmutableGroup, ImmutableSignature, Signature } from "./signature.ts";
import type { AllComplete, AnySignature, OutsOf, SharedIn } from "./signature-types.ts";

type Chorded<Header extends readonly AnySignature[], Result> = AllComplete<
  Header,
  ImmutableSignature<Result>,
  Signature<SharedIn<Header[number]>, Result>
>;

/**
 * Runs the header's signatures side by side and then the body, which receives the tuple of their results. If one of them
 * fails, the body fails with a `ChordError` that names it, at once.
 */
export function chord<Outs, Result>(header: ImmutableGroup<Outs>, body: Signature<NoInfer<Outs>, Result>): ImmutableSignature<Result>;
export function chord<In, Outs, Result>(header: Group<In, Outs>, body: Signature<NoInfer<Outs>, Result>): Signature<In, Result>;
export function chord<Header extends readonly AnySignature[], Result>(
  header: readonly [...Header],
  body: Signature<OutsOf<Header>, Result>,
): Chorded<Header, Result>;
export function chord(header: unknown, body: unknown): unknown {
  const next = dataOf(body, "the body of chord()");
  if (Array.isArray(header)) {
    const { members } = groupOf(header.map((member, index) => dataOf(member, `member ${index + 1} of chord()'s header`)));
    return wrap(chordOf(members, next));
  }
  const only = dataOf(header, "the header of chord()");
  return wrap(chordOf(only.kind === "group" ? only.members : groupOf([only]).members, next));
}
