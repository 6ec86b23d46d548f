import { dataOf, wrap } from "./build.ts";
import { groupOf } from "./normal-form.ts";
import type { Group, ImmutableGroup } from "./signature.ts";
import type { AllComplete, AnySignature, OutsOf, SharedIn } from "./signature-types.ts";

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
