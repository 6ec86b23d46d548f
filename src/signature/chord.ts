import { dataOf, wrap } from "./build.ts";
import { chordOf, groupOf } from "./normal-form.ts";
import type { Group, Signature } from "./signature.ts";
import type { AnySignature, HeaderOuts, Waiting } from "./signature-types.ts";

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
